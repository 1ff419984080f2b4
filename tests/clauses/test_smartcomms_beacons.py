"""What the third company's site counts, shows and gives out, by which class of cookie, and how that ends."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from comms import COMMS, holder, served
from cookies import next_visit, own, with_a_rogue
from deployment import Deployment
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

SITE = "/smartcomms/s"
TABLE = "198.51.100.0/24, FR, Orange\n203.0.113.0/24, US, Comcast\n"


def prepared(home: Path) -> None:
    """Give the site a guide, an installer, a German page, and a table of networks."""
    files = home / "site" / "files"
    files.mkdir()
    (files / "guide.pdf").write_bytes(b"%PDF-1.7 guide")
    (files / "installer.zip").write_bytes(b"PK installer")
    (home / "site" / "index.de.md").write_text("# Briefe, die man gern liest\n", "utf-8")
    (home / "networks.csv").write_text(TABLE, "utf-8")
    site = home / "site.toml"
    text = site.read_text("utf-8").replace('languages = ["en"]', 'languages = ["en", "de"]')
    site.write_text(f'{text}\n[downloads]\nneeds = ["installer.zip"]\n', "utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    assert COMMS
    with served(tmp_path_factory.mktemp("beacons"), edit=prepared, make=with_a_rogue) as made:
        yield made


def visitor(house: Deployment, *tools: str, address: str = "192.0.2.57") -> Any:
    """Open a browser whose user agrees to these tools, or to none."""
    browser = house.client(address)
    ticks = {f"tool-{tool}": "yes" for tool in tools}
    said = {"all": "some" if tools else "no", "page": "index", **ticks}
    browser.post(f"{SITE}/choice", data=said, follow_redirects=False)
    return browser


def to_advertising(house: Deployment) -> int:
    return sum(d.kind == "share" for d in house.company.mailbox.of("google-ads", ""))


@pytest.mark.clause("smartcomms-3.6")
def test_a_beacon_tells_the_declared_fields_and_nothing_without_a_yes(house: Deployment) -> None:
    told = {"browser": "Firefox 126", "system": "Linux", "domain": "search.example", "mime": "text/html"}
    vic, start = visitor(house, "analytics"), house.stored("hit")
    taken = vic.post(f"{SITE}/beacon", json={"page": f"{SITE}/products", **told})
    one = house.stored("hit")
    more = vic.post(f"{SITE}/beacon", json={"page": f"{SITE}/products", **told, "screen_fonts": "Arial"})
    signal = vic.post(f"{SITE}/beacon", json=told, headers={"Sec-GPC": "1"})
    refused = visitor(house).post(f"{SITE}/beacon", json=told)

    assert (taken.status_code, more.status_code, signal.status_code, refused.status_code) == (
        204,
        422,
        204,
        204,
    )
    assert one == start + 1
    assert house.stored("hit") == one
    assert "screen_fonts" not in more.text


@pytest.mark.clause("smartcomms-3.7")
def test_what_is_looked_at_and_taken_away_is_noted_with_its_occasion_after_a_yes_alone(
    house: Deployment,
) -> None:
    vic, start = visitor(house, "analytics"), house.stored("hit")
    vic.get(f"{SITE}/products")
    file = vic.get(f"{SITE}/files/guide.pdf")
    after = house.stored("hit")
    app_ = vic.post(f"{SITE}/beacon", json={"what": "view", "thing": "documents", "occasion": "app"})
    signing = vic.post(f"{SITE}/beacon", json={"what": "view", "thing": "signup", "occasion": "registration"})
    wrong = vic.post(f"{SITE}/beacon", json={"what": "view", "thing": "x", "occasion": "elsewhere"})
    rows = house.stored("hit")
    no = visitor(house)
    without = no.get(f"{SITE}/files/guide.pdf")
    shown = house.get("site-job", "/use", data="hit", purpose="improve-site").json()
    noted = [r["fields"] for r in shown.get("rows", []) if r["fields"].get("occasion") == "visit"]

    assert (file.status_code, after) == (200, start + 2)
    assert {("view", "products"), ("download", "guide.pdf")} <= {(n["what"], n["thing"]) for n in noted}
    assert (app_.status_code, signing.status_code, wrong.status_code) == (204, 204, 422)
    assert rows == after + 2
    assert (without.status_code, without.content) == (200, b"%PDF-1.7 guide")
    assert house.stored("hit") == rows


@pytest.mark.clause("smartcomms-3.15")
def test_the_register_has_setter_class_purpose_and_end_of_each_and_lets_no_other_out(
    house: Deployment,
) -> None:
    ada = holder(house, "crawl@example.com")
    browser = ada.browser.web
    everything = ("analytics", "google", "adobe", "advertising", "preference")
    said = {"all": "some", "page": "index", **{f"tool-{tool}": "yes" for tool in everything}}
    browser.post(f"{SITE}/choice", data=said)
    for path in ("/s/", "/s/products?lang=de", "/s/support", "/s/cookies", "/privacy", "/me", "/me/choices"):
        browser.get(f"/smartcomms{path}")
    table = house.client().get(f"{SITE}/cookies").text
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", table, re.DOTALL)
    lines = {re.split(r"<br>", name)[0].strip(): re.sub(r"<[^>]+>", " ", name + row) for name, row in rows}
    before = [e.kind for e in house.company.gate.entries(start=0)].count("refused")
    rogue = house.client().get("/smartcomms/rogue")
    kinds = [e.kind for e in house.company.gate.entries(start=0)]

    assert {"session", "guard", "choice", "visitor", "interest", "preference"} <= own(browser)
    for name in own(browser):
        line = next(text for key, text in lines.items() if f"{name}-smartcomms" in key)
        assert any(kind in line for kind in ("needed", "preferences", "counting", "advertising")), line
        assert "13 months" in line or "ends with the browser" in line or "30 days" in line, line
        assert "SmartComms" in line
    assert rogue.headers.get_list("set-cookie") == []
    assert kinds.count("refused") == before + 1


@pytest.mark.clause("smartcomms-3.17")
def test_one_link_without_an_account_ends_advertising_and_holds_for_an_account_elsewhere_too(
    house: Deployment,
) -> None:
    vic = visitor(house, "advertising", "analytics")
    vic.get(f"{SITE}/products")
    had = own(vic)
    vic.cookies.set("_gcl_au", "1.1.x", domain="service.example", path="/")
    link = re.findall(r'href="(/smartcomms/s/off/ads[^"]*)"', vic.get(f"{SITE}/cookies").text)[0]
    page = vic.get(link)
    done = vic.post(link, follow_redirects=False)
    expired = [c for c in done.headers.get_list("set-cookie") if "Max-Age=0" in c]
    start = to_advertising(house)
    vic.get(f"{SITE}/products")
    ada = holder(house, "off@example.com")
    ada.browser.web.post(link)
    second = house.person("off@example.com")
    second.web.post(f"{SITE}/choice", data={"all": "yes", "page": "index"})
    second.web.post(
        "/smartcomms/signin/password", data={"email": "off@example.com", "password": "correct horse battery"}
    )
    second.web.get(f"{SITE}/products")
    ticked = second.web.get(f"{SITE}/cookies").text

    assert "interest" in had
    assert "<form" in page.text
    assert any("interest-" in c for c in expired)
    assert any(c.startswith("_gcl_au") for c in expired)
    assert "interest" not in own(vic)
    assert "visitor" in own(vic)
    assert to_advertising(house) == start
    assert 'name="tool-advertising" value="yes" checked' not in ticked
    assert 'name="tool-analytics" value="yes" checked' in ticked


@pytest.mark.clause("smartcomms-3.18")
def test_whoever_comes_from_the_union_gets_a_link_of_their_own_and_the_choice_is_the_same(
    house: Deployment,
) -> None:
    found, marks = {}, {}
    for place, address in (("FR", "198.51.100.7"), ("US", "203.0.113.7")):
        browser = visitor(house, "advertising", "analytics", address=address)
        found[place] = re.findall(
            r'href="(/smartcomms/s/off/ads[^"]*)"', browser.get(f"{SITE}/cookies").text
        )[0]
        text = browser.get(found[place]).text
        found[f"{place} page"] = re.findall(r'<a href="(https://[^"]+)" rel', text)[0]
        start = to_advertising(house)
        browser.post(found[place])
        browser.get(f"{SITE}/products")
        marks[place] = browser.cookies.get("__Host-choice-smartcomms"), to_advertising(house) - start

    assert found["FR"] == "/smartcomms/s/off/ads/eu"
    assert found["US"] == "/smartcomms/s/off/ads"
    assert found["FR page"] == "https://www.youronlinechoices.eu"
    assert found["US page"] == "https://optout.aboutads.info"
    assert marks["FR"] == marks["US"] == ("yes.analytics", 0)


@pytest.mark.clause("smartcomms-3.21")
def test_an_account_and_an_installer_need_two_cookies_and_no_more(house: Deployment) -> None:
    fields = {"field-first": "Vic", "field-last": "V", "email": "bare2@example.com"}
    fields["password"] = "quiet green hills"
    bare = house.client().post("/smartcomms/signup", data=fields)
    keeps_none = house.client()
    first = keeps_none.get(f"{SITE}/files/installer.zip", follow_redirects=False)
    keeps_none.cookies.clear()
    second = keeps_none.get(first.headers["location"], follow_redirects=False)
    mails = len(house.mails("bare2@example.com"))
    keeper = visitor(house)
    secret = re.findall(r'name="csrf" value="([^"]+)"', keeper.get("/smartcomms/signup").text)[0]
    opened = keeper.post("/smartcomms/signup", data={**fields, "csrf": secret})
    file = visitor(house).get(f"{SITE}/files/installer.zip")

    assert (bare.status_code, mails) == (403, 0)
    assert "for the session and for safety" in bare.text
    assert (first.status_code, second.status_code) == (303, 403)
    assert "the two necessary cookies, for the session and for safety" in second.text
    assert opened.status_code == 201
    assert (file.status_code, file.content) == (200, b"PK installer")
    assert own(keeper) == {"choice", "session", "guard"}


@pytest.mark.clause("smartcomms-3.24")
def test_a_language_that_was_picked_comes_back_only_with_the_class_on(house: Deployment) -> None:
    yes, no = visitor(house, "preference"), visitor(house)
    for browser in (yes, no):
        assert "Briefe, die man gern liest" in browser.get(f"{SITE}/?lang=de").text
    kept = next(c for c in yes.cookies.jar if "preference" in c.name)
    onward = re.findall(r'href="(/smartcomms/s/cookies[^"]*)"', no.get(f"{SITE}/?lang=de").text)[0]
    back, again = next_visit(house, yes).get(f"{SITE}/").text, next_visit(house, no).get(f"{SITE}/").text

    assert kept.value == "de"
    assert "Briefe, die man gern liest" in back
    assert "preference" not in own(no)
    assert onward.endswith("?lang=de")
    assert "Briefe, die man gern liest" not in again


@pytest.mark.clause("smartcomms-3.27")
def test_an_interest_chooses_an_advertisement_after_a_yes_and_no_price(house: Deployment) -> None:
    on, off = visitor(house, "advertising"), visitor(house, "analytics")
    for browser in (on, off):
        browser.get(f"{SITE}/products")
    fitted, neutral = (browser.get(f"{SITE}/support").text for browser in (on, off))
    mark = on.cookies.get("__Host-interest-smartcomms")
    shops = [
        re.sub(r'nonce="[^"]*"', "", browser.get("/smartcomms/s/products").text) for browser in (on, off)
    ]
    prices = [re.findall(r"[0-9.]+ (?:GBP|EUR|USD)", text) for text in shops]

    assert "Letters for clinics and surgeries" in fitted
    assert "Letters people read: see how" in neutral
    assert "Letters for clinics" not in neutral
    assert str(mark).split(".")[0] == "healthcare"
    assert "interest" not in own(off)
    assert prices[0] == prices[1]


@pytest.mark.clause("smartcomms-3.28")
def test_a_campaign_counts_people_once_and_tells_no_number_of_a_few(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def slots(home: Path) -> None:
        page = home / "site" / "index.md"
        page.write_text(page.read_text("utf-8") + "\nad: here\n", "utf-8")

    with served(tmp_path_factory.mktemp("campaign"), edit=slots) as house:
        for n in range(40):
            browser = visitor(house, "advertising")
            for _ in range(2):
                browser.get(f"{SITE}/support" if n < 4 else f"{SITE}/")
        for _ in range(15):
            visitor(house, "analytics").get(f"{SITE}/")
        page = house.client().get(f"{SITE}/campaigns").text
        told = house.get("site-job", "/counters/ad-people").json()["counts"]
    row = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))

    assert "letters 40 " in row
    assert "fewer than 10" in row
    assert "support: 4" not in row
    assert "index: 36" not in row
    assert [(t["dims"], t["count"]) for t in told] == [({"campaign": "letters", "spot": ""}, 40)]


@pytest.mark.clause("smartcomms-3.32")
def test_a_network_hears_of_a_page_and_an_address_with_the_press_and_is_named_before(
    house: Deployment,
) -> None:
    heard: list[tuple[str, str]] = []

    async def network(request: Request) -> Response:
        heard.append((request.client.host if request.client else "", str(request.query_params["url"])))
        return PlainTextResponse("shared")

    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    stub = Starlette(routes=[Route("/{rest:path}", network)])
    vic = visitor(house, "analytics", address="198.51.100.9")
    page = vic.get(f"{SITE}/products")
    before = list(heard)
    link, title = re.findall(r'href="(https://www\.linkedin[^"]+)"[^>]*title="([^"]+)"', page.text)[0]
    TestClient(stub, client=("198.51.100.9", 4711)).get(link.replace("&amp;", "&"))
    table = vic.get(f"{SITE}/cookies").text
    notice = house.client().get("/smartcomms/privacy").text

    assert before == []
    assert heard == [("198.51.100.9", f"{house.base}/smartcomms/s/products")]
    assert title == "Tells LinkedIn the address of this page and yours"
    assert "bcookie" in table
    assert "Set by LinkedIn on its own site, so that its button works" in table
    assert "A network whose button you press" in notice


@pytest.mark.clause("smartcomms-3.23")
def test_a_page_that_lacks_its_optional_session_cookie_names_it_and_every_other_is_whole(
    house: Deployment,
) -> None:
    off, on = visitor(house, "analytics"), visitor(house, "leafing")
    page = off.get(f"{SITE}/events").text
    texts = [off.get(f"/smartcomms{p}").status_code for p in ("/s/", "/s/products", "/s/support", "/privacy")]
    first, second = on.get(f"{SITE}/events").text, on.get(f"{SITE}/events?at=1").text
    back = on.get(f"{SITE}/events")
    set_ = [c for c in back.headers.get_list("set-cookie") if "calendar-" in c]
    bare = house.client().post("/smartcomms/signin", data={"email": "nobody@example.com"})
    session = [c for c in bare.headers.get_list("set-cookie") if "session-" in c]

    assert "needs the cookie “calendar”" in page
    assert f'href="{SITE}/cookies"' in page
    assert "forms that people finish" not in page
    assert texts == [200] * 4
    assert "forms that people finish" in first
    assert "contracts in plain words" in second
    assert "contracts in plain words" in back.text
    assert "calendar" not in own(off)
    for line in [*set_, *session]:
        assert "Max-Age" not in line
        assert "expires" not in line.lower()
    assert (len(set_), bool(session)) == (1, True)


def test_a_vendor_that_would_count_for_itself_keeps_the_document_from_passing(
    house: Deployment, tmp_path: Path
) -> None:
    shutil.copytree(house.home, tmp_path / "smartcomms")
    policy = tmp_path / "smartcomms" / "policy.md"
    told = policy.read_text("utf-8").replace(
        '"Google (analytics)" processor', '"Google (analytics)" controller'
    )
    policy.write_text(told, "utf-8")
    code, out, err = house.cli("check", str(tmp_path / "smartcomms"))

    assert code != 0
    assert "'google' counts visits as controller" in out + err
