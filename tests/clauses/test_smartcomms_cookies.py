"""What the third company's public pages put on a device, count, and load, and how it is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from comms import holder, served
from deployment import Deployment

SITE = "/smartcomms/s"
NAMES = ("__Host-choice-smartcomms", "__Host-visitor-smartcomms")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("cookies")) as made:
        yield made


def visitor(house: Deployment, *tools: str, address: str = "192.0.2.57") -> Any:
    """Open the first page in a new browser and agree to these tools, or to none."""
    browser = house.client(address)
    browser.get(f"{SITE}/")
    ticks = {f"tool-{tool}": "yes" for tool in tools}
    said = {"all": "some" if tools else "no", "page": "index", **ticks}
    browser.post(f"{SITE}/choice", data=said, follow_redirects=False)
    return browser


def got(house: Deployment, party: str) -> list[dict[str, Any]]:
    """Return the visits that were handed to a recipient, oldest first."""
    return [dict(d.body) for d in house.company.mailbox.of(party, "") if d.kind == "share"]


def forgotten(house: Deployment, party: str) -> int:
    """Count the orders to forget a visitor that a recipient got."""
    return sum(d.kind == "erasure" for d in house.company.mailbox.of(party, ""))


def own(browser: Any) -> set[str]:
    return {c.name for c in browser.cookies.jar}


@pytest.mark.clause("smartcomms-3.1", "smartcomms-3.8", "smartcomms-3.13")
def test_each_tool_gets_a_visit_only_after_a_yes_to_it_by_name(house: Deployment) -> None:
    start = len(got(house, "google")), len(got(house, "adobe"))
    first = house.client()
    first.get(f"{SITE}/")
    refused = visitor(house)
    refused.get(f"{SITE}/products")
    none = len(got(house, "google")), len(got(house, "adobe"))
    one = visitor(house, "google")
    one.get(f"{SITE}/products")
    after = len(got(house, "google")), len(got(house, "adobe"))
    both = visitor(house, "google", "adobe")
    both.get(f"{SITE}/support")
    last = len(got(house, "google")), len(got(house, "adobe"))
    page = house.client().get(f"{SITE}/cookies").text

    assert none == start
    assert (after[0] - start[0], after[1] - start[1]) == (1, 0)
    assert (last[0] - after[0], last[1] - after[1]) == (1, 1)
    assert "Google (analytics)" in page
    assert "Adobe (analytics" in page
    assert "https://policies.google.com/technologies/partner-sites" in page


@pytest.mark.clause("smartcomms-3.10", "smartcomms-1.8")
def test_an_address_is_cut_before_it_is_stored_or_sent(house: Deployment) -> None:
    four = visitor(house, "google", address="192.0.2.57")
    four.get(f"{SITE}/products")
    six = visitor(house, "google", address="2001:db8:1:2:3:4:5:6")
    six.get(f"{SITE}/products")
    sent = [hit["hit.ip"] for hit in got(house, "google")[-2:]]
    ada = holder(house, "log@example.com")
    body = {
        "data": "usage",
        "purpose": "provide",
        "source": "service",
        "member": "documents",
        "fields": {"at": "2024-03-01T10:00:00Z", "device": "laptop", "system": "Linux", "ip": "192.0.2.57"},
    }
    house.post("run-job", f"/people/{ada.tag}/records", body)
    log = [r["fields"]["ip"] for r in ada.get("/records", data="usage").json()["records"]]
    unseen = house.get(
        "cara-support", f"/people/{ada.tag}/records", data="usage", purpose="guard", reason="looking"
    )

    assert sent == ["192.0.2.0", "2001:db8:1::"]
    assert log == ["192.0.2.57"]
    assert unseen.status_code == 403


@pytest.mark.clause("smartcomms-3.9", "smartcomms-3.14")
def test_a_switch_of_our_own_stops_a_tool_from_the_next_page_on_and_erases_what_was_counted(
    house: Deployment,
) -> None:
    vic = visitor(house, "google", "adobe")
    for page in ("products", "support", "index"):
        vic.get(f"{SITE}/{page if page != 'index' else ''}")
    before = len(got(house, "google")), len(got(house, "adobe"))
    ordered = forgotten(house, "adobe")
    said = {"all": "some", "tool-adobe": "yes", "page": "index"}
    vic.post(f"{SITE}/choice", data=said, follow_redirects=False)
    vic.get(f"{SITE}/products")
    after = len(got(house, "google")), len(got(house, "adobe"))
    stopped = vic.post(f"{SITE}/stop", follow_redirects=False)
    vic.get(f"{SITE}/products")
    last = len(got(house, "google")), len(got(house, "adobe"))
    page = house.client().get(f"{SITE}/cookies").text

    assert (after[0] - before[0], after[1] - before[1]) == (0, 1)
    assert stopped.status_code == 303
    assert last == after
    assert forgotten(house, "adobe") == ordered + 2
    assert "https://tools.google.com/dlpage/gaoptout" in page
    assert "https://www.adobe.com/privacy/opt-out.html" in page


@pytest.mark.clause("smartcomms-3.12")
def test_advertising_is_refused_without_an_account_and_its_cookies_go(house: Deployment) -> None:
    vic = visitor(house, "advertising", "preference")
    vic.get(f"{SITE}/products")
    on = len(got(house, "google-ads"))
    vic.cookies.set("_gcl_au", "1.1.x", domain="service.example", path="/")
    answer = vic.post(f"{SITE}/choice", data={"all": "no", "page": "index"}, follow_redirects=False)
    expired = [c for c in answer.headers.get_list("set-cookie") if "_gcl_au" in c]
    vic.get(f"{SITE}/products")
    page = house.client().get(f"{SITE}/cookies").text

    assert on >= 1
    assert len(got(house, "google-ads")) == on
    assert expired
    assert "Max-Age=0" in expired[0]
    assert "https://myadcenter.google.com" in page
    assert 'name="tool-advertising"' in page


@pytest.mark.clause("smartcomms-3.16")
def test_no_page_sets_a_cookie_or_loads_a_thing_that_the_register_does_not_name(house: Deployment) -> None:
    register = house.client().get(f"{SITE}/cookies").text
    everything = visitor(house, "analytics", "google", "adobe", "advertising", "preference")
    pages = [everything.get(f"{SITE}/{p}").text for p in ("", "products", "support", "cookies")]
    nothing = visitor(house)
    bare = [nothing.get(f"{SITE}/{p}").text for p in ("", "products", "support", "cookies")]

    for name in own(everything):
        assert name in register, name
    assert all("hit.gif" in text for text in pages[:3])
    assert not any("hit.gif" in text or "<script" in text or "<iframe" in text for text in bare)
    assert not any(re.search(r'src="https?://', text) for text in [*pages, *bare])
    assert own(nothing) == {"__Host-choice-smartcomms"}


@pytest.mark.clause("smartcomms-3.20")
def test_every_public_page_is_read_in_full_by_a_browser_that_keeps_no_cookie(house: Deployment) -> None:
    texts = {}
    for path in ("/s/", "/s/products", "/s/cookies", "/privacy", "/contact", "/signup"):
        answer = house.client().get(f"/smartcomms{path}")
        texts[path] = answer.status_code, answer.text

    assert {status for status, _ in texts.values()} == {200}
    assert "Letters that people want to read" in texts["/s/"][1]
    assert "Documents" in texts["/s/products"][1]
    assert "<form" in texts["/contact"][1]
    for _, text in texts.values():
        assert 'aria-modal="true"' not in text


def test_only_what_is_needed_is_set_without_a_yes_and_a_session_cookie_ends_with_the_browser(
    house: Deployment,
) -> None:
    vic = house.client()
    looked = [vic.get(f"{SITE}/{p}") for p in ("", "products", "cookies")]
    signing = house.client().post("/smartcomms/signin", data={"email": "nobody@example.com"})
    session = [c for c in signing.headers.get_list("set-cookie") if "session" in c]

    assert own(vic) == set()
    assert all(not r.headers.get_list("set-cookie") for r in looked)
    assert len(session) == 1
    assert "Max-Age" not in session[0]
    assert "expires" not in session[0].lower()


def test_the_browsers_own_signal_is_a_no_until_its_user_says_otherwise(house: Deployment) -> None:
    before = len(got(house, "google"))
    vic = house.client()
    vic.headers["sec-gpc"] = "1"
    page = vic.get(f"{SITE}/products").text
    vic.post(f"{SITE}/choice", data={"all": "yes", "page": "index"})
    vic.get(f"{SITE}/products")

    assert len(got(house, "google")) == before
    assert "Your browser says no for you" in page
    assert own(vic) == set()


def test_the_beacon_takes_a_pages_address_and_nothing_of_whoever_reads_it(house: Deployment) -> None:
    vic = visitor(house, "analytics")
    taken = vic.post(f"{SITE}/event", json={"page": f"{SITE}/products"})
    more = vic.post(f"{SITE}/event", json={"page": f"{SITE}/products", "screen_fonts": "Arial"})
    refused = visitor(house).post(f"{SITE}/event", json={"page": f"{SITE}/products"})

    assert (taken.status_code, more.status_code, refused.status_code) == (201, 422, 403)


@pytest.mark.clause("smartcomms-3.31")
def test_a_share_button_is_a_plain_link_that_says_what_a_press_tells(house: Deployment) -> None:
    answer = house.client().get(f"{SITE}/products")
    links = re.findall(r'href="(https://[^"]+)"[^>]*title="([^"]+)"', answer.text)
    policy = answer.headers["content-security-policy"]

    assert [link.split("/")[2] for link, _ in links] == ["www.linkedin.com", "x.com"]
    assert all("smartcomms%2Fs%2Fproducts" in link for link, _ in links)
    assert all("the address of this page and yours" in title for _, title in links)
    assert "linkedin" not in policy
    assert answer.text.count("Its privacy policy") == 2


def test_beside_each_button_stands_the_policy_that_holds_after_a_press(house: Deployment) -> None:
    text = house.client().get(f"{SITE}/products").text
    notice = house.client().get("/smartcomms/privacy").text

    assert "https://www.linkedin.com/legal/privacy-policy" in text
    assert "https://x.com/en/privacy" in text
    assert "A network whose button you press, and which then answers for itself" in notice


@pytest.mark.clause("smartcomms-3.3")
def test_no_row_of_a_visitor_reaches_an_outsider_and_no_number_of_a_few(
    house: Deployment, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with served(tmp_path_factory.mktemp("few")) as fresh:
        for page, people in (("support", 12), ("products", 3)):
            for n in range(people):
                visitor(fresh, "analytics", address=f"198.51.100.{n}").get(f"{SITE}/hit.gif?page={page}")
        told = fresh.get("printco-key", "/counters/pixel-hits").json()["counts"]
    rows = house.get("site-job", "/use", data="hit", purpose="improve-site", form="anonymous")
    partner = house.get("printco-key", "/use", data="hit", purpose="improve-site")
    proof = house.cli("prove", str(house.home), "never share hit with reader except as anonymous")
    weak = house.cli("prove", str(house.home), "never share hit with google")

    assert [(c["dims"]["page"], c["count"]) for c in told] == [("support", 12)]
    assert rows.status_code in (403, 422)
    assert partner.status_code == 403
    assert (proof[0], weak[0]) == (0, 1)


@pytest.mark.clause("smartcomms-3.11")
def test_advertising_sees_the_declared_part_of_the_site_and_only_with_its_switch_on(
    house: Deployment,
) -> None:
    start = len(got(house, "google-ads"))
    vic = visitor(house, "advertising")
    vic.get(f"{SITE}/support")
    elsewhere = len(got(house, "google-ads"))
    vic.get(f"{SITE}/products")
    declared = len(got(house, "google-ads"))
    off = visitor(house, "analytics")
    off.get(f"{SITE}/products")

    assert (elsewhere, declared) == (start, start + 1)
    assert len(got(house, "google-ads")) == declared


def test_an_account_needs_the_necessary_cookies_and_says_so_before_anything_is_stored(
    house: Deployment,
) -> None:
    fields = {"field-first": "Vic", "field-last": "V", "email": "bare@example.com"}
    fields["password"] = "quiet green hills"
    bare = house.client().post("/smartcomms/signup", data=fields)
    refuser = visitor(house)
    page = refuser.get("/smartcomms/signup").text
    secret = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    mails = len(house.mails("bare@example.com"))
    kept = refuser.post("/smartcomms/signup", data={**fields, "csrf": secret})

    assert bare.status_code == 403
    assert "for the session and for safety" in bare.text
    assert mails == 0
    assert kept.status_code == 201
    assert len(house.mails("bare@example.com")) == 1


@pytest.mark.clause("smartcomms-3.19", "smartcomms-3.22")
def test_the_page_of_cookies_names_a_browsers_own_ways_and_says_that_flash_is_gone(house: Deployment) -> None:
    text = house.client().get(f"{SITE}/cookies").text
    browser = house.client()
    loaded = []
    for _ in range(10):
        browser.cookies.clear()
        loaded.append(browser.get(f"{SITE}/products", follow_redirects=False).status_code)

    assert all(w in text for w in ("block new cookies", "be warned of each one", "switch them off entirely"))
    assert "Flash cookies ended on 31 December 2020; we set none" in text
    assert "<object" not in text
    assert "<embed" not in text
    assert loaded == [200] * 10
