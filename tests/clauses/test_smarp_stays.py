"""A stay in the room: the code that lets in, the one cookie that holds it, and its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from deployment import CSRF, Deployment
from rooms import SMARP, Member, Net, member, networked, opened


@pytest.fixture
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Deployment, Member]]:
    """Acme's room, open since nine, and its Admin."""
    now = datetime(2025, 5, 5, 9, tzinfo=UTC)
    served = Deployment(tmp_path_factory.mktemp("acme"), "smarp", SMARP, now=now)
    net: Net = networked(served)
    yield served, opened(served, net, "anna@acme.example", "Acme", "Anna Aalto")
    served.close()


@pytest.mark.clause("smarp-4.1.3")
def test_one_session_cookie_holds_the_stay_and_without_it_nothing_is_posted(
    acme: tuple[Deployment, Member],
) -> None:
    house, _ = acme
    aki = member(house, "aki@acme.example", "Aki")
    cookies = [c for c in aki.browser.web.cookies.jar if c.value]
    posted = aki.post("/feed", "/feed", text="hello", read="yes")
    secret = aki.browser.csrf("/feed")
    stolen = house.client()
    stolen.cookies.update(aki.browser.web.cookies)
    aki.browser.web.cookies.clear()
    without = aki.browser.web.post("/smarp/feed", data={"csrf": secret, "text": "again"})
    aki.browser.web.cookies.update(stolen.cookies)
    aki.browser.web.post("/smarp/signout", data={"csrf": secret})
    replayed = stolen.get("/smarp/feed")

    assert [(c.expires, c.secure, c.has_nonstandard_attr("HttpOnly")) for c in cookies] == [
        (None, True, True)
    ]
    assert posted.status_code == 200
    assert without.status_code == 401
    assert replayed.status_code == 401


@pytest.mark.clause("smarp-4.1.6")
def test_signing_out_ends_the_stay_at_once_and_a_closed_browser_ends_it_within_the_day(
    acme: tuple[Deployment, Member],
) -> None:
    house, anna = acme
    aki = member(house, "aki@acme.example", "Aki")
    copy = house.client()
    copy.cookies.update(aki.browser.web.cookies)
    house.at("2025-05-05T12:00:00+03:00")
    out = aki.post("/signout", "/feed")
    set_ = [r.headers.get("set-cookie", "") for r in (*out.history, out)]
    house.later(seconds=1)
    left = [c for c in aki.browser.web.cookies.jar if "session" in c.name and c.value]
    closed = house.client()
    closed.cookies.update(anna.browser.web.cookies)
    house.later(hours=12)

    assert any(re.search("session-smarp=.*(Max-Age=0|expires=Thu, 01 Jan 1970)", s) for s in set_)
    assert left == []
    assert copy.get("/smarp/feed").status_code == 401
    assert closed.get("/smarp/feed").status_code == 401


@pytest.mark.clause("smarp-5.1.4")
def test_a_code_lets_in_once_and_who_asks_learns_of_nobody(acme: tuple[Deployment, Member]) -> None:
    house, _ = acme
    known, unknown = house.person("anna@acme.example"), house.person("nobody@acme.example")
    pages = [p.web.post("/smarp/signin", data={"email": p.mail}) for p in (known, unknown)]
    said = [re.sub(r'value="[^"]*"|nonce="[^"]*"', "", p.text) for p in pages]
    code, secret = house.code(known.mail), CSRF.findall(pages[0].text)[0]
    first = known.web.post("/smarp/signin/code", data={"code": code, "csrf": secret})
    again = known.web.post("/smarp/signin/code", data={"code": code, "csrf": secret})
    late = house.person("anna@acme.example")
    page = late.web.post("/smarp/signin", data={"email": late.mail})
    house.later(minutes=10)
    over = late.web.post(
        "/smarp/signin/code", data={"code": house.code(late.mail), "csrf": CSRF.findall(page.text)[0]}
    )

    assert said[0].replace(known.mail, "") == said[1].replace(unknown.mail, "")
    assert len(house.mails(unknown.mail)) == 0
    assert "/smarp/me" in str(first.url)
    assert again.status_code in (401, 403)
    assert over.status_code == 422


@pytest.mark.clause("smarp-1.2")
def test_beside_each_field_stands_the_section_that_covers_it_and_what_none_covers_is_not_served(
    acme: tuple[Deployment, Member], tmp_path_factory: pytest.TempPathFactory
) -> None:
    house, anna = acme
    anna.says("first")
    number = anna.numbers()[0]
    pages = ["/feed", f"/feed/{number}", "/profile", "/room", "/room/people"]
    texts = [anna.get(page).text for page in pages] + [house.web.get("/smarp/room/join").text]
    typed = re.compile(r'<(textarea|input[^>]*type="(text|email|tel|file)")')
    forms = [f for text in texts for f in re.findall(r"<form.*?</form>", text, re.S) if typed.search(f)]
    bare = [f[:200] for f in forms if 'role="search"' not in f and "/privacy#s" not in f]

    def unbound(folder: object) -> None:
        flows = folder / "flows"  # type: ignore[operator]
        flows.mkdir(exist_ok=True)
        asks = "## one\nWhere were you born?\nask member.birthplace text for service\n\n## bye\nBye.\nend\n"
        (flows / "born.md").write_text(f"---\ntitle: Born\n---\n{asks}", "utf-8")

    other = Deployment(tmp_path_factory.mktemp("other"), "smarp", SMARP, edit=unbound)
    refused = other.web.get("/smarp/f/born").status_code
    code, out, _ = other.cli("check", str(other.home))
    other.close()

    assert len(forms) > 8
    assert bare == []
    assert refused == 404
    assert code == 1
    assert "born.md" in out
