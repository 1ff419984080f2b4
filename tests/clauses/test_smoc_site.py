"""The company's own site: nothing before a yes, a no that costs nothing, no thread to anything else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from askers import SMOC
from deployment import BASE, Asker
from live import live
from lysverk import refused

YES, NO = {"all": "yes"}, {"all": "no"}
PAGES = ("/s/", "/s/products", "/s/rewards")
LINK = re.compile(r"https?://\S+/s/confirm/\S+")
END = re.compile(r"https?://\S+/s/end/\S+")
GPC = {"Sec-GPC": "1"}


def entries(house: Any, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    start = 0
    while True:
        part = house.get("stine-steward", "/evidence/entries", start=str(start)).json()["entries"]
        if not part or part[0]["number"] < start:
            return found
        found += [e for e in part if e["kind"] == kind]
        start = part[-1]["number"] + 1


def views(house: Any) -> int:
    """How many opened pages were ever noted."""
    return sum(e["detail"].get("data") == "views" for e in entries(house, "collected"))


def visit(person: Any, pages: Any = PAGES, **headers: str) -> list[Any]:
    return [person.web.get(person.base + p, headers=headers) for p in pages]


def agree(person: Any, *tools: str) -> Any:
    given = {f"tool-{t}": "yes" for t in tools}
    data = {"all": "some", **given} if tools else YES
    return person.web.post(f"{person.base}/s/choice", data=data, follow_redirects=False)


def names(person: Any) -> set[str]:
    return set(person.web.cookies)


def held_of(house: Any, mail: str, **query: str) -> Any:
    found = house.post("site-job", "/people/find", {"kind": "email@site", "value": mail})
    tag = found.json().get("tag", "")
    return house.get("site-job", f"/people/{tag}/records", **query)


def subscribe(house: Any, person: Any, **more: str) -> str:
    person.post("/s/newsletter", {"email": person.mail})
    link = str(LINK.findall(house.mails(person.mail)[-1].text)[0])
    person.web.post(link, data=more)
    return link


@pytest.mark.clause("smoc-1.12", "smoc-5.1.4", "smoc-5.4.4")
def test_nothing_is_set_or_noted_before_a_yes_and_three_pages_after_it_are_three_events(smoc: Any) -> None:
    visitor = smoc.person()
    before = visit(visitor)
    asked = before[0].text
    untouched, noted = names(visitor), views(smoc)
    forged = visitor.web.post("/smoc/s/event", json={"page": "/smoc/s/products"})
    agree(visitor)
    visit(visitor, ("/s/products",) * 3)
    after = visitor.get("/s/")
    buttons = re.findall(r'<button class="([^"]*)" name="all" value="(no|yes)"', asked)
    agreed = views(smoc)
    flow = visitor.get("/f/summer")

    assert 'role="dialog"' in asked
    assert buttons == [("quiet", "no"), ("quiet", "yes")]
    assert "checked" not in asked
    assert (untouched, noted) == (set(), 0)
    assert refused(forged)
    assert agreed == 4  # three product pages and the first page
    assert 'role="dialog"' not in after.text
    assert "site" not in flow.headers.get("set-cookie", "")
    assert views(smoc) == agreed
    smoc.later(days=364)

    assert 'role="dialog"' not in visitor.get("/s/").text
    fresh = smoc.person()

    assert 'role="dialog"' in fresh.get("/s/rewards").text


@pytest.mark.clause("smoc-5.1.5")
def test_one_press_stops_the_counting_and_erases_what_was_counted(smoc: Any) -> None:
    visitor = smoc.person()
    agree(visitor)
    pages = visit(visitor)
    old = dict(visitor.web.cookies)
    visitor.web.cookies.set("_ga", "GA1.2.3", domain="service.example", path="/")
    answer = visitor.web.post("/smoc/s/stop", follow_redirects=False)
    erased = entries(smoc, "erased")
    counted = views(smoc)
    visit(visitor)
    replayed = smoc.client()
    replayed.cookies.update(old)
    late = replayed.post("/smoc/s/event", json={"page": "/smoc/s/"})

    assert all('action="/smoc/s/stop"' in p.text for p in pages)
    assert any("visitor-smoc=" in c and "Max-Age=0" in c for c in answer.headers.get_list("set-cookie"))
    assert any(c.startswith("_ga=") and "Max-Age=0" in c for c in answer.headers.get_list("set-cookie"))
    assert erased
    assert counted == views(smoc) == 3
    assert refused(late)


@pytest.mark.clause("smoc-5.4.5")
def test_a_no_is_one_mark_that_is_the_same_for_everybody_and_ends_within_a_year(smoc: Any) -> None:
    smoc.at("2025-02-10T10:00+01:00")
    first, second, signalled = smoc.person(), smoc.person("ola@example.no"), smoc.person("per@example.no")
    answers = [p.web.post("/smoc/s/choice", data=NO, follow_redirects=False) for p in (first, second)]
    pages = visit(first, PAGES * 4)
    silent = visit(signalled, **GPC)
    signalled.web.post("/smoc/s/choice", data=YES, headers=GPC)
    marks = [a.headers.get_list("set-cookie") for a in answers]

    assert marks[0] == marks[1]
    assert len(marks[0]) == 1
    assert "Max-Age=31536000" in marks[0][0]
    assert names(first) == {"__Host-choice-smoc"}
    assert not any("set-cookie" in p.headers or "<script" in p.text or "hit.gif" in p.text for p in pages)
    assert all('role="dialog"' not in p.text and "Global Privacy Control" in p.text for p in silent)
    assert names(signalled) == set()
    assert views(smoc) == 0
    smoc.at("2026-02-10T10:01+01:00")
    first.web.cookies.clear()

    assert 'role="dialog"' in first.get("/s/").text


@pytest.mark.clause("smoc-1.11", "smoc-5.3.6")
def test_a_profile_and_a_visit_in_one_browser_never_meet_and_a_yes_there_is_none_here(smoc: Any) -> None:
    kari = smoc.person()
    kari.talk(
        "summer",
        {"hello": "tea", "travel": "sea", "gender": "", "mail": kari.mail, "coffee": "", "news": "no"},
    )
    kari.sign_in()
    token = kari.token
    smoc.post(token, "/people/me/age", {"years": 34})
    smoc.post(token, "/people/me/consents", {"name": "film(flows)", "given": True})
    page = kari.get("/s/products")
    agree(kari)
    visit(kari)
    own = smoc.get(token, "/people/me/export").json()["export"]["records"]
    tag = smoc.post("rewards-job", "/people/find", {"kind": "email", "value": kari.mail}).json()["tag"]
    joined = [
        smoc.get("site-job", f"/people/{tag}/records", data="views", purpose="sales", **{"with": other})
        for other in ("taste", "contact", "lead")
    ]

    assert "youtube" not in page.text
    assert "frame-src" not in page.headers["content-security-policy"]
    assert views(smoc) == 3
    assert {r["data"] for r in own} & {"views", "lead"} == set()
    assert all(refused(j) for j in joined)


@pytest.mark.clause("smoc-5.2.1", "smoc-5.2.2")
def test_a_pixel_is_ours_comes_after_a_yes_and_leaves_numbers_of_page_and_hour(deploy: Any) -> None:
    smoc = deploy("smoc")
    no, yes = smoc.person(), smoc.person("ola@example.no")
    no.post("/s/choice", NO)
    refusing = no.get("/s/products").text, no.get("/s/hit.gif", page="products")
    agree(yes)
    page = yes.get("/s/products").text
    hits = [yes.get("/s/hit.gif", page="products") for _ in range(20)]
    told = smoc.get("stine-steward", "/counters/pixel-hits")
    contacts = smoc.get("site-job", "/use", data="lead", purpose="study")
    table = yes.get("/s/cookies").text

    def elsewhere(folder: Any) -> None:
        file = folder / "policy.md"
        text = file.read_text("utf-8").replace('page does" in site for', 'page does" in flows for')
        file.write_text(text, "utf-8")

    home = smoc.home
    elsewhere(home)
    code, out, err = smoc.cli("check", str(home))

    assert "hit.gif" not in refusing[0]
    assert refusing[1].status_code == 403
    assert "/smoc/s/hit.gif?page=products" in page
    assert {h.headers["cache-control"] for h in hits} == {"no-store"}
    assert not any("set-cookie" in h.headers for h in hits)
    assert [(c["dims"], c["count"]) for c in told.json()["counts"]] == [
        ({"page": "products", "hour": "2025-03-01T09"}, 20)
    ]
    assert refused(contacts)
    assert "Counts how a page does" in table
    assert code != 0
    assert "pixel 'hit' counts outside" in out + err


@pytest.mark.clause("smoc-5.3.7", "smoc-5.3.8")
def test_what_leaves_for_analytics_carries_nobody_and_no_whole_address(smoc: Any) -> None:
    for address in ("203.0.113.24", "2001:db8:1:2::9"):
        visitor = smoc.person()
        visitor.web = smoc.client(address)
        agree(visitor, "analytics", "measure")
        visitor.web.get("/smoc/s/products?email=a@example.org")
    stored = [
        r["fields"]["ip"] for r in smoc.get("site-job", "/use", data="views", purpose="study").json()["rows"]
    ]
    event = visitor.web.post("/smoc/s/event", json={"page": "/smoc/s/products", "user": "kari-event"})
    hidden = [
        visitor.web.post("/smoc/s/event", json=sent)
        for sent in (
            {"page": "/smoc/s/2001:db8:1:2::9"},
            {"page": "/smoc/s/203%2E0%2E113%2E24"},
            {"page": "/smoc/s/products", "ip": "203.0.113.24"},
            {"page": "/smoc/s/products", "referrer": "https://x.example/2001:db8:1:2::9"},
        )
    ]
    address = visitor.web.post("/smoc/s/event", json={"page": "/thanks/a@example.org"})
    whole = visitor.web.post("/smoc/s/event", json={"page": "/smoc/s/203.0.113.24"})
    gone = [dict(d.body) for d in smoc.company.mailbox.of("google")]
    logged = entries(smoc, "refused")

    assert sorted(stored) == sorted(["203.0.113.0", "2001:db8:1::"])
    assert [r.status_code for r in hidden] == [422] * 4
    assert [g["views.ip"] for g in gone] == ["203.0.113.0", "2001:db8:1::"]
    assert {g["views.page"] for g in gone} == {"/smoc/s/products"}
    assert [r.status_code for r in (event, address, whole)] == [422, 422, 422]
    assert [e["detail"]["data"] for e in logged if e["detail"]["by"] == "site"] == ["views"] * 7
    for value in ("a@example.org", "kari-event", "203.0.113.24", "2001:db8:1:2::9"):
        assert value not in str(gone) + str(logged)
        assert smoc.on_disk(value) == []


@pytest.mark.clause("smoc-5.3.3", "smoc-5.3.9")
def test_a_tool_without_one_of_its_five_facts_or_outside_ireland_is_not_switched_on(deploy: Any) -> None:
    smoc = deploy("smoc")
    file = smoc.home / "policy.md"
    text, table = file.read_text("utf-8"), smoc.person().get("/s/cookies").text
    film = "on consent film lasts 6 months"
    google = 'recipient google "Google Ireland Limited" controller in '
    broken = {
        "has no storage time": text.replace(film, "on consent film"),
        "has no recipient": text.replace(
            film + "  # smoc-5.3.2, smoc-5.3.3, smoc-5.3.6, smoc-5.4.3\n  by google", film
        ),
        "goes to US": text.replace(google + "IE", google + "US"),
        "an unknown place": text.replace(google + "IE", google.removesuffix(" in ")),
    }
    said = {}
    for name, changed in broken.items():
        assert changed != text, name
        file.write_text(changed, "utf-8")
        code, out, err = smoc.cli("check", str(smoc.home))
        said[name] = (code != 0, name in out + err)
    file.write_text(text, "utf-8")
    code, _, _ = smoc.cli("check", str(smoc.home))

    assert said == {name: (True, True) for name in broken}
    assert code == 0
    for fact in (
        "_ga, _ga_*",
        "Counts visits",
        "Google Analytics count it too?",
        "6 months",
        "Google Ireland Limited",
    ):
        assert fact in table
    assert "policies.google.com/technologies/cookies" in table


@pytest.mark.clause("smoc-2.9", "smoc-3.2")
def test_a_newsletter_begins_by_its_link_ends_by_its_own_and_knows_no_visit(smoc: Any) -> None:
    smoc.at("2025-03-01T09:00+01:00")
    firm = smoc.person("post@kaffe.example")
    agree(firm)
    visit(firm, (*PAGES, "/s/products"))

    def issue(n: int) -> Any:
        body = {"purpose": "newsletter", "subject": f"Issue {n}", "text": "News."}
        return smoc.post("site-job", "/issues", body).json()

    firm.post("/s/newsletter", {"email": firm.mail})
    link = LINK.findall(smoc.mails(firm.mail)[-1].text)[0]
    first, stored = issue(1), smoc.on_disk("kaffe.example")
    firm.web.get(link)
    looked = issue(1)
    smoc.later(minutes=5)
    firm.web.post(link)
    second = issue(2)
    record = held_of(smoc, firm.mail, data="lead", purpose="newsletter").json()["records"]
    unlinked = held_of(smoc, firm.mail, data="views", purpose="sales", **{"with": "lead"})
    firm.web.post(link, data={"linking": "yes"})
    smoc.later(minutes=1)
    visit(firm, ("/s/rewards",))
    linked = held_of(smoc, firm.mail, data="views", purpose="sales", **{"with": "lead"}).json()["records"]
    emailed = firm.web.post("/smoc/s/event", json={"page": "/smoc/s/", "email": firm.mail})
    letter = smoc.mails(firm.mail)[-1]
    end = END.findall(letter.text)[0]
    firm.web.get(end)
    firm.web.post(end)
    third = issue(3)

    assert (first["sent"], looked["sent"], stored) == (0, 0, [])
    assert second == {"sent": 1, "skipped": []}
    assert [r["fields"] for r in record] == [{"email": firm.mail}]
    assert refused(unlinked)
    assert [r["fields"]["page"] for r in linked if r["data"] == "views"] == ["/smoc/s/rewards"]
    assert emailed.status_code == 422
    assert dict(letter.headers())["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert third["sent"] == 0
    assert held_of(smoc, firm.mail, data="views", purpose="sales", **{"with": "lead"}).status_code == 200


@pytest.mark.clause("smoc-5.3.5")
def test_the_crm_is_asked_about_by_itself_and_gets_the_fields_of_the_form_that_names_it(smoc: Any) -> None:
    visitor = smoc.person("post@kaffe.example")
    agree(visitor, "crm")
    page = visitor.get("/s/products")
    hosts = set(re.findall(r"https://[a-z0-9.-]+", page.headers["content-security-policy"]))
    before = smoc.company.mailbox.of("hubspot")
    form = visitor.get("/s/contact").text
    fields = {"email": visitor.mail, "name": "Ola", "firm": "Kaffe AS"}
    visitor.post("/s/contact", {**fields, "shoe": "44"})
    sent = [dict(d.body) for d in smoc.company.mailbox.of("hubspot")]
    kari = smoc.person()
    kari.talk(
        "summer",
        {"hello": "tea", "travel": "sea", "gender": "", "mail": kari.mail, "coffee": "", "news": "no"},
    )
    tag = smoc.post("rewards-job", "/people/find", {"kind": "email", "value": kari.mail}).json()["tag"]
    sync = {"data": ["contact.email"], "party": "hubspot", "purpose": "enquiries"}
    synced = smoc.post("site-job", f"/people/{tag}/shares", sync)

    assert hosts == {"https://js.hs-scripts.com"}
    assert '<script src="https://js.hs-scripts.com/' in page.text
    assert "google" not in page.text
    assert before == ()
    assert "HubSpot Ireland Limited" in form
    assert sent == [{f"lead.{k}": v for k, v in fields.items()}]
    assert refused(synced)
    assert len(smoc.company.mailbox.of("hubspot")) == 1


@pytest.mark.clause("smoc-5.3.4")
def test_google_hears_of_a_page_after_its_own_yes_and_never_of_a_flow(deploy: Any) -> None:
    smoc = deploy("smoc")
    no, other, yes = (smoc.person(m) for m in ("a@example.no", "b@example.no", "c@example.no"))
    visit(no)
    agree(other, "analytics")
    visit(other)
    before = smoc.company.mailbox.of("google")
    agree(yes, "measure")
    shown = visit(yes)
    after = len(smoc.company.mailbox.of("google"))
    yes.talk("summer", {"hello": "tea"})
    table = no.get("/s/cookies").text
    file = smoc.home / "policy.md"
    text, refusals = file.read_text("utf-8"), {}
    for area in ("ads", "flows"):
        wider = text.replace('"Counts visits" in site for', f'"Counts visits" in site, {area} for')
        file.write_text(wider, "utf-8")
        refusals[area] = smoc.cli("check", str(smoc.home))
    file.write_text(text, "utf-8")

    assert before == ()
    assert after == 3
    assert not any("google" in p.headers["content-security-policy"] for p in shown)
    assert len(smoc.company.mailbox.of("google")) == after
    assert 'href="https://policies.google.com/technologies/cookies"' in table
    assert [code != 0 for code, _, _ in refusals.values()] == [True, True]
    assert "'analytics' in 'ads'" in "".join(refusals["ads"][1:])
    assert "never load any in flows without consent film" in "".join(refusals["flows"][1:])


@pytest.mark.browser
@pytest.mark.clause("smoc-5.3.4")
def test_a_browser_asks_google_for_nothing_before_a_yes_and_reaches_no_other_host_after_it(
    deploy: Any,
) -> None:
    smoc = deploy("smoc")
    asked: list[str] = []
    with live(smoc) as (base, browser):
        page = browser.new_context().new_page()
        page.on("request", lambda request: asked.append(str(request.url)))
        for path in PAGES:
            page.goto(f"{base}/smoc{path}")
        before, told = set(asked), len(smoc.company.mailbox.of("google"))
        page.goto(f"{base}/smoc/s/")
        page.get_by_text("Answer one by one").click()
        page.locator("input[name=tool-measure]").check()
        page.get_by_role("button", name="Keep what I ticked").click()
        for path in PAGES:
            page.goto(f"{base}/smoc{path}")
    hosts = {url.split("/")[2] for url in asked if url.startswith("http")}

    assert len(before) > 3
    assert told == 0
    assert hosts == {base.split("/")[2]}
    assert len(smoc.company.mailbox.of("google")) >= 3


@pytest.mark.clause("smoc-5.4.2")
def test_cookies_cleared_by_hand_end_a_stay_and_lose_nothing(deploy: Any) -> None:
    smoc = deploy("smoc")
    kari = smoc.person()
    kari.talk(
        "summer",
        {"hello": "tea", "travel": "sea", "gender": "", "mail": kari.mail, "coffee": "", "news": "no"},
    )
    kari.sign_in()
    agree(kari)
    visit(kari)
    kari.web.cookies.clear()
    out = kari.get("/me")
    reappeared = [kari.get(p).headers.get("set-cookie") for p in ("/", "/s/", "/f/summer", "/privacy")]
    left = names(kari)
    kari.sign_in()

    assert kari.mail not in out.text
    assert str(out.url).endswith("/signin") or out.status_code == 401
    assert reappeared == [None] * 4
    assert left == set()
    assert "coffee" in kari.get("/me/rewards").text.lower()
    for cookie in names(kari):
        assert cookie.startswith("__Host-")  # a browser keeps it to the one host that set it


@pytest.mark.clause("smoc-2.8")
def test_a_direct_mail_leaves_for_who_agreed_and_says_why_others_got_none(smoc: Any) -> None:
    mails = ["a@kaffe.example", "b@kaffe.example", "c@kaffe.example"]
    for mail, given in ((mails[0], True), (mails[2], True), (mails[2], False)):
        offered(smoc, mail, given)
    body = {"purpose": "sales", "subject": "Hello", "text": "A new kind of flow.", "to": mails}
    report = smoc.post("site-job", "/issues", body).json()
    letter = smoc.mails(mails[0])[-1]

    assert report["sent"] == 1
    assert [(s["address"], s["reason"]) for s in report["skipped"]] == [
        ("b@kaffe.example", "no record"),
        ("c@kaffe.example", "consent sales"),
    ]
    assert [m.to for m in smoc.mails() if m.subject == "Hello"] == [mails[0]]
    assert "SMOC.AI wrote this" in letter.text
    assert END.findall(letter.text)
    smoc.client().post(END.findall(letter.text)[0])

    assert smoc.post("site-job", "/issues", body).json()["sent"] == 0


def offered(house: Any, mail: str, given: bool) -> None:
    """Let a business contact enquire, and say yes to mail about the product, or stop it by its link."""
    person = house.person(mail)
    if given:
        person.post("/s/contact", {"email": mail, "sales": "yes"})
    else:
        body = {"purpose": "sales", "subject": "First", "text": "Hello.", "to": [mail]}
        house.post("site-job", "/issues", body)
        person.web.post(END.findall(house.mails(mail)[-1].text)[0])


@pytest.mark.clause("smoc-2.10")
def test_a_call_list_waits_for_its_declaration_and_leaves_out_who_objected(deploy: Any) -> None:
    def declared(folder: Any) -> None:
        file = folder / "policy.md"
        rule = (
            'purpose phone "Ring business contacts" direct marketing\n'
            '  on legitimate interest "calls that help" assessed 2025-01-15, again by 2028-01-15\n'
            "  uses lead\n"
        )
        text = file.read_text("utf-8").replace("join views with lead", rule + "join views with lead", 1)
        text = text.replace("opt out of news, newsletter,", "opt out of news, phone, newsletter,", 1)
        file.write_text(text, "utf-8")

    caller = (*SMOC, Asker("call-job", "job", purposes=("phone",)))
    before = deploy("smoc", askers=caller)
    subscribe(before, before.person("a@kaffe.example"))
    undeclared = before.get("call-job", "/use", data="lead", purpose="phone")
    after = deploy("smoc", askers=caller, edit=declared)
    for mail in ("a@kaffe.example", "c@kaffe.example"):
        subscribe(after, after.person(mail))
    ring = {
        "purpose": "phone",
        "subject": "May we ring?",
        "text": "We would like to.",
        "to": ["c@kaffe.example"],
    }
    after.post("call-job", "/issues", ring)
    after.client().post(END.findall(after.mails("c@kaffe.example")[-1].text)[0])
    exported = after.get("call-job", "/use", data="lead", purpose="phone")

    assert refused(undeclared)
    assert [r["fields"]["email"] for r in exported.json()["rows"]] == ["a@kaffe.example"]


@pytest.mark.clause("smoc-5.1.2")
def test_a_flow_sets_its_one_cookie_when_start_is_pressed_and_at_no_opening(smoc: Any) -> None:
    kari = smoc.person()
    opened = [kari.get(p) for p in ("/", "/f/summer", "/privacy", "/signin", "/s/", "/contact")]
    untouched = names(kari)
    started = kari.web.post("/smoc/f/summer/start", follow_redirects=False)
    cookies = started.headers.get_list("set-cookie")
    reloaded = kari.get("/f/summer")
    smoc.later(hours=25)
    after = kari.get("/me")

    assert not any("set-cookie" in o.headers for o in opened)
    assert untouched == set()
    assert len(cookies) == 1
    assert cookies[0].startswith("__Host-session-smoc=")
    for word in ("HttpOnly", "Secure", "SameSite=lax"):
        assert word in cookies[0]
    assert "Max-Age" not in cookies[0]  # it goes with the browser, or with the stay on the server
    assert "expires" not in cookies[0].lower()
    assert "set-cookie" not in reloaded.headers
    assert str(after.url).endswith("/signin") or after.status_code == 401


@pytest.mark.clause("smoc-5.4.1")
def test_two_days_in_one_browser_are_two_starts_and_nobody_who_came_back(smoc: Any) -> None:
    kari = smoc.person()
    for _ in range(2):
        kari.get("/f/summer")
        kari.talk("summer", {"hello": "tea"})
        smoc.later(days=1)
    rows = smoc.get("kaffe-key", "/visits").json()["counts"]
    metric = [
        smoc.post("visit-job", "/counters/returning", {"dims": {"flow": "summer"}}),
        smoc.post("visit-job", "/counters/arrivals", {"dims": {"flow": "summer", "visitor": "v1"}}),
        smoc.get("visit-job", "/use", data="visit", purpose="study"),
    ]

    assert sum(r["count"] for r in rows) == 2
    assert {name for r in rows for name in r["dims"]} == {"flow", "hour", "channel"}
    assert len({r["dims"]["hour"][:10] for r in rows}) == 2
    assert all(400 <= m.status_code < 500 for m in metric)


COLD = """---
title: Something cold
language: en
---
## hello
What do you drink on a warm day?
ask taste.drink choice for learn
- coffee: Coffee, iced
- tea: Tea

## bye
Have a long summer.
end
"""


def with_ad(folder: Any) -> None:
    (folder / "flows/cold.md").write_text(COLD, "utf-8")
    site = folder / "site.toml"
    site.write_text(
        site.read_text("utf-8").replace('flows = ["summer"', 'flows = ["summer", "cold"'), "utf-8"
    )


@pytest.mark.browser
@pytest.mark.clause("smoc-5.1.1", "smoc-5.1.3")
def test_a_flow_leaves_one_cookie_and_a_closed_list_and_an_ad_leaves_nothing(
    deploy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROTH_BASE_URL", BASE)
    house = deploy("smoc", edit=with_ad)
    code, out, err = house.cli("ad", "publish", str(house.home), "cold", "--publisher", "havnavisen")
    assert code == 0, out + err
    house.close()
    house.open()
    came = {"Referer": "https://search.example/q?x=kari"}
    unit = house.client()
    unit.headers["Referer"] = "https://havnavisen.example/q?x=kari"
    shown = unit.get("/smoc/ad/cold-havnavisen")
    pressed = [
        unit.post("/smoc/ad/cold-havnavisen/count", data={"step": s, "option": o})
        for s, o in (("hello", "tea"), ("bye", ""))
    ]
    noted = entries(house, "collected")
    kari = house.person()
    kari.web.headers.update(came)
    start = kari.get("/f/summer").text
    origin = re.findall(r'name="from" value="([^"]*)"', start)[0]
    said = {"hello": "tea", "travel": "sea", "gender": "", "mail": kari.mail, "coffee": "", "news": "no"}
    kari.talk("summer", said, **{"from": origin})
    left = names(kari)
    with live(house) as (base, browser):
        page = browser.new_context().new_page()
        page.goto(f"{base}/smoc/f/summer")
        loaded = page.context.cookies()
        page.locator("form button").first.click()
        page.wait_for_load_state()
        stored = [page.evaluate(f"{kind}.length") for kind in ("localStorage", "sessionStorage")]
        started = [(c["name"], c["httpOnly"], c["sameSite"]) for c in page.context.cookies()]
    kari.sign_in()
    own = house.get(kari.token, "/people/me/export").json()["export"]["records"]
    visits = [r["values"] for r in own if r["data"] == "visit"]
    tag = house.post("rewards-job", "/people/find", {"kind": "email", "value": kari.mail}).json()["tag"]
    battery = {"tag": tag, "data": "visit", "purpose": "serve", "fields": {"battery": "88"}}
    posted = house.post("visit-job", "/visits", {"flow": "summer", "record": battery})
    closed = {"ip", "at", "page", "referrer", "browser", "system", "carrier", "country", "session"}
    file = house.home / "flows/cold.md"
    file.write_text(
        COLD.replace("warm day?", "warm day? <script>document.cookie='track=1'</script>"), "utf-8"
    )
    code, out, err = house.cli("check", str(house.home))

    assert shown.status_code == 200
    assert all(p.status_code < 300 for p in pressed)
    assert not any("set-cookie" in a.headers for a in (shown, *pressed))
    assert noted == []
    assert left == {"__Host-session-smoc"}
    assert (loaded, stored) == ([], [0, 0])
    assert started == [("session-smoc", True, "Lax")]
    assert {v["referrer"] for v in visits} == {"https://search.example"}
    assert all(set(v) <= closed for v in visits)
    assert "battery" in posted.json().get("dropped", ()) or 400 <= posted.status_code < 500
    assert house.on_disk("x=kari") == []
    assert code != 0
    assert "cold.md" in out + err
