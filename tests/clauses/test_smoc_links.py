"""What the first company's pages say of others: networks, tools, and how a browser clears what they left."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROW = '\n[[social]]\nname = "Elsewhere"\nprofile = "https://elsewhere.example/smoc"\n'


def adding(text: str) -> Any:
    def edit(folder: Path) -> None:
        file = folder / "site.toml"
        file.write_text(file.read_text("utf-8") + text, "utf-8")

    return edit


@pytest.mark.clause("smoc-5.2.3")
def test_each_network_is_a_link_beside_its_own_privacy_page_and_nothing_of_it_is_loaded(deploy: Any) -> None:
    house = deploy("smoc")
    notice, cookies = (house.person().get(path).text for path in ("/privacy", "/s/cookies"))
    loaded = re.findall(r'(?:src|srcset|action)="([^"]+)"', notice + cookies)
    code, said, _ = deploy("smoc", edit=adding(f'{ROW}privacy = "https://elsewhere.example/p"\n')).cli(
        "check", str(house.home)
    )

    for page in (notice, cookies):
        section = page.partition('id="elsewhere"')[2].partition("</section>")[0]
        assert re.findall(r'href="(https://[^"]+)"', section) == [
            "https://www.linkedin.com/company/smoc-example",
            "https://www.linkedin.com/legal/privacy-policy",
            "https://www.instagram.com/smoc.example",
            "https://privacycenter.instagram.com/policy",
        ]
        assert "on its own account" in section
    assert not [url for url in loaded if "linkedin" in url or "instagram" in url]
    assert (code, "Elsewhere" in said) == (0, False)
    with pytest.raises(Exception, match="Elsewhere"):
        deploy("smoc", edit=adding(ROW))


@pytest.mark.clause("smoc-5.2.4")
def test_the_cookie_page_points_on_and_says_itself_how_four_browsers_clear_them(deploy: Any) -> None:
    page = deploy("smoc").person().get("/s/cookies").text
    steps = page.partition("In your browser")[2]

    assert 'href="https://allaboutcookies.org"' in steps
    assert all(name in steps for name in ("Chrome", "Firefox", "Safari", "Edge"))


@pytest.mark.clause("smoc-5.4.3")
def test_each_tool_leads_to_how_it_is_deleted_and_one_press_clears_what_lies_under_our_name(
    deploy: Any,
) -> None:
    house = deploy("smoc")
    kari = house.person()
    page = kari.get("/s/cookies").text
    for name in ("_ga", "_ga_X1", "hubspotutk"):
        kari.web.cookies.set(name, "1", domain="service.example", path="/")
    kari.web.cookies.set("other", "1", domain="service.example", path="/")
    kari.post("/s/stop", {})

    def spoil(folder: Path) -> None:
        file = folder / "policy.md"
        line = '  clear "https://tools.google.com/dlpage/gaoptout"\n'
        text = file.read_text("utf-8")
        assert line in text
        file.write_text(text.replace(line, ""), "utf-8")

    assert page.count("How it is deleted") >= 3
    for url in ("myaccount.google.com/yourdata/youtube", "tools.google.com/dlpage/gaoptout", "hubspot"):
        assert re.search(rf'href="https://[^"]*{re.escape(url)}[^"]*"', page)
    assert "cleared now" in page
    assert "other" in kari.web.cookies
    assert not {"_ga", "_ga_X1", "hubspotutk"} & set(kari.web.cookies.keys())
    with pytest.raises(Exception, match="no link to how it is deleted"):
        deploy("smoc", edit=spoil)
