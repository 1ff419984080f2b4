"""The conversation as an advertisement: what it may ask, where it leads, and whom it reaches."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deployment import BASE, Deployment
from live import live

ICED = """---
title: Something cold
language: en
---
## hello
What do you drink on a warm day?
ask taste.drink choice for learn
- coffee: Coffee, iced
- tea: Tea -> leaves

## beans
We grind it this morning.
-> card

## leaves
We brew it overnight.

## card
Here is what we have:
[See the menu](https://kaffe.example/menu)

## bye
Have a long summer.
end
"""
PUBLISHER = "https://havnavisen.example"
UNIT = "iced-havnavisen"
BOXED = "allow-scripts allow-popups"
TOOLS = ("--disable-features=LocalNetworkAccessChecks",)
Deploy = Callable[..., Deployment]


def with_flow(text: str = ICED, **more: str) -> Callable[[Path], None]:
    """Give the client a flow for an ad, and further ones by name."""

    def edit(folder: Path) -> None:
        for name, said in {"iced": text, **more}.items():
            (folder / "flows" / f"{name}.md").write_text(said, "utf-8")
        site = folder / "site.toml"
        names = ", ".join(f'"{name}"' for name in ("summer", "iced", *more))
        said = site.read_text("utf-8").replace('flows = ["summer"', f"flows = [{names}")
        site.write_text(said, "utf-8")

    return edit


def published(house: Deployment, flow: str = "iced", *more: str) -> tuple[int, str]:
    """Publish a flow as the command line does; the next start serves it."""
    words = ("ad", "publish", str(house.home), flow, "--publisher", "havnavisen", *more)
    code, out, err = house.cli(*words)
    if code == 0:
        house.close()
        house.open()
    return code, out + err


@pytest.fixture(autouse=True)
def reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROTH_BASE_URL", BASE)


@pytest.fixture
def house(deploy: Deploy) -> Deployment:
    """The company with one ad of the client in the publisher's channel."""
    made = deploy("smoc", edit=with_flow())
    code, said = published(made, "iced", "--campaign", "spring")
    assert code == 0, said
    return made


def ended(house: Deployment, *steps: tuple[str, str], **more: Any) -> list[int]:
    """Press through an ad as its script does, and return each status."""
    browser = house.client(**more)
    return [
        browser.post(f"/smoc/ad/{UNIT}/count", data={"step": s, "option": o}).status_code for s, o in steps
    ]


WALK = (("hello", "tea"), ("leaves", ""), ("card", ""), ("bye", ""))


def rows(house: Deployment, key: str = "stine-steward") -> dict[tuple[str, str], int]:
    told = house.get(key, "/counters/ad-steps").json()["counts"]
    return {(r["dims"]["step"], r["dims"]["option"]): r["count"] for r in told}


@pytest.mark.clause("smoc-1.7")
def test_a_flow_is_published_for_one_publisher_and_one_that_asks_for_somebody_is_refused(
    deploy: Deploy,
) -> None:
    named = ICED.replace(
        "## bye",
        "## name\nWhat is your name?\nask location.postcode text optional for suit on location\n\n"
        "## phone\nYour number?\nask contact.phone phone optional for credit\n\n## bye",
    )
    house = deploy("smoc", edit=with_flow(named=named))
    before = house.web.get(f"/smoc/ad/{UNIT}").status_code
    code, tag = published(house, "iced", "--campaign", "spring")
    told = house.web.get(f"/smoc/ad/{UNIT}", headers={"Referer": f"{PUBLISHER}/forside"})
    elsewhere = house.web.get(f"/smoc/ad/{UNIT}", headers={"Referer": "https://other.example/"})
    site = (house.home / "site.toml").read_text("utf-8")
    refusals = [published(house, flow) for flow in ("summer", "named")]
    unknown = house.cli("ad", "publish", str(house.home), "iced", "--publisher", "nobody", "--unit", "u2")

    assert before == 404
    assert code == 0
    assert f'<iframe src="{BASE}/smoc/ad/{UNIT}"' in tag
    assert told.status_code == 200
    assert f"frame-ancestors {PUBLISHER}" in told.headers["content-security-policy"]
    assert "What do you drink on a warm day?" in told.text
    assert elsewhere.status_code == 403
    assert [code for code, _ in refusals] == [1, 1]
    for step, what in (("mail", "an e-mail address"), ("coffee", "the reward"), ("news", "the consent")):
        assert re.search(rf"summer\.md:\d+:1  '{step}' .*{what}", refusals[0][1]), refusals[0][1]
    for step, what in (("name", "free words"), ("phone", "a phone number")):
        assert re.search(rf"named\.md:\d+:1  '{step}' .*{what}", refusals[1][1]), refusals[1][1]
    assert (house.home / "site.toml").read_text("utf-8") == site
    assert unknown[0] == 1
    assert "no origin" in unknown[1]


def shown_on(house: Deployment, browser: Any, base: str, tag: str, cookies: int = 0) -> tuple[Any, list[Any]]:
    """Open the publisher's page with a tag in it; return the page and every request it makes."""
    context = browser.new_context()
    if cookies:
        jar = [{"name": f"p{n}", "value": "publisher", "url": PUBLISHER} for n in range(cookies)]
        context.add_cookies(jar)
    host = f"<!doctype html><title>Havnavisen</title><h1>News</h1>{tag}"
    body = {"body": host, "content_type": "text/html"}
    context.route(f"{PUBLISHER}/**", lambda route: route.fulfill(**body))
    context.route("https://kaffe.example/**", lambda route: route.fulfill(body="Menu"))
    asked: list[Any] = []
    context.on("request", lambda request: asked.append(request))
    page = context.new_page()
    page.goto(f"{PUBLISHER}/forside")
    return page, asked


def walked(frame: Any) -> None:
    """Press through every step, and no link."""
    frame.get_by_role("button", name="Tea").click()
    frame.get_by_role("button", name="Next").click()
    frame.get_by_role("button", name="Next").click()
    frame.get_by_text("Have a long summer.").wait_for()


HELD = """async () => {
  const tried = {};
  for (const [name, look] of Object.entries({
    cookie: () => document.cookie, local: () => localStorage.length, session: () => sessionStorage.length,
    bases: () => indexedDB.open('x'), top: () => top.location.href, around: () => parent.document.title,
  })) { try { tried[name] = String(await look()); } catch (e) { tried[name] = e.name; } }
  return tried;
}"""


@pytest.mark.browser
@pytest.mark.clause("smoc-1.8")
def test_the_zip_runs_to_its_end_in_a_sandbox_and_names_no_host_but_its_counter_and_its_links(
    house: Deployment, tmp_path: Path
) -> None:
    plain, counted = tmp_path / "ad.zip", tmp_path / "counted.zip"
    built = house.cli("ad", "build", str(house.home), "iced", "--out", str(plain), "--campaign", "spring")
    with live(house, *TOOLS) as (base, browser):
        counter = f"{base.replace('http:', 'https:')}/smoc/ad/{UNIT}/count"
        house.cli("ad", "build", str(house.home), "iced", "--out", str(counted), "--count", counter)
        page, asked = shown_on(house, browser, base, "")
        inside = zipfile.ZipFile(plain).read("index.html").decode()
        page.evaluate(
            "([html, sandbox]) => { const f = document.createElement('iframe'); f.sandbox = sandbox;"
            " f.title = 'Ad'; f.width = 300; f.height = 250; f.srcdoc = html; document.body.append(f); }",
            [inside, BOXED],
        )
        walked(page.frame_locator("iframe[title=Ad]"))
        kept = page.frames[1].evaluate(HELD)
        requests = [r.url for r in asked if not r.url.startswith((PUBLISHER, "about:"))]
    files = zipfile.ZipFile(plain).namelist()
    hosts = set(re.findall(r"https?://([^/\";]+)", zipfile.ZipFile(counted).read("index.html").decode()))
    lint = house.cli("ad", "lint", str(plain))
    strict = house.cli("ad", "lint", str(counted))
    allowed = house.cli("ad", "lint", str(counted), "--count", counter.split("/")[2])
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as zipped:
        zipped.writestr(
            "index.html", inside.replace("<style>", "<style>#log{background:url(https://cdn.example/a.png)}")
        )
        zipped.writestr("backup.png", zipfile.ZipFile(plain).read("backup.png"))
    foreign = house.cli("ad", "lint", str(other))

    assert built[0] == 0, built
    assert sorted(files) == ["backup.png", "index.html"]
    assert requests == []
    assert kept["cookie"] in ("", "SecurityError")
    assert {kept[name] for name in ("local", "session", "bases", "top", "around")} == {"SecurityError"}
    assert hosts == {counter.split("/")[2], "kaffe.example"}
    assert lint[0] == 0, lint[1]
    assert strict[0] == 1
    assert counter.split("/")[2] in strict[1]
    assert allowed[0] == 0, allowed[1]
    assert foreign[0] == 1
    assert "cdn.example" in foreign[1]


@pytest.mark.browser
@pytest.mark.clause("smoc-1.9", "smoc-1.10", "smoc-5.3.1")
def test_the_ad_stays_in_its_frame_reaches_its_counter_alone_and_a_pressed_link_carries_the_campaign_alone(
    house: Deployment,
) -> None:
    with live(house, *TOOLS) as (base, browser):
        size = f'width="300" height="250" sandbox="{BOXED}"'
        tag = f'<iframe src="{base}/smoc/ad/{UNIT}" title="Ad" {size}></iframe>'
        page, asked = shown_on(house, browser, base, tag, cookies=5)
        frame = page.frame_locator("iframe[title=Ad]")
        frame.get_by_role("button", name="Tea").wait_for()
        page.wait_for_timeout(300)
        before = [r.url for r in asked if not r.url.startswith(PUBLISHER)]
        kept = page.frames[1].evaluate(HELD)
        own = page.evaluate("document.cookie").count("publisher")
        walked(frame)
        page.wait_for_timeout(300)
        url, windows = page.url, len(page.context.pages)
        box = page.locator("iframe").bounding_box()
        ours = [r for r in asked if not r.url.startswith(PUBLISHER)]
        sent = [r.all_headers() for r in ours]
        received = [r.response().all_headers() for r in ours]
        link = frame.get_by_role("link", name="See the menu")
        said = [link.get_attribute(name) for name in ("rel", "referrerpolicy", "target")]
        with page.context.expect_page() as opening:
            link.click()
        menu = opening.value
        menu.wait_for_load_state()
        arrival = [r for r in asked if r.url.startswith("https://kaffe.example")]
        led = (menu.url, menu.evaluate("window.opener === null"), arrival[0].all_headers().get("referer"))
        cookies = [c for c in page.context.cookies() if c["domain"] != "havnavisen.example"]

    assert before == [f"{base}/smoc/ad/{UNIT}"]
    assert own == 5
    assert kept["cookie"] in ("", "SecurityError")
    assert kept["around"] == "SecurityError"
    assert url == f"{PUBLISHER}/forside"
    assert windows == 1
    assert (box["width"], box["height"]) == (304, 254)  # the slot, and the frame's own border
    assert {r.url for r in ours} == {f"{base}/smoc/ad/{UNIT}", f"{base}/smoc/ad/{UNIT}/count"}
    assert [h for h in sent if "cookie" in h] == []
    assert [h for h in received if "set-cookie" in h] == []
    assert cookies == []
    assert said == ["noopener noreferrer", "no-referrer", "_blank"]
    assert led == ("https://kaffe.example/menu?campaign=spring", True, None)
    assert rows(house) == {(s, ""): 1 for s in ("hello", "leaves", "card", "bye")}


REFUSED = {
    "redirect": ("redirect https://kaffe.example/menu", "would open or load kaffe.example by itself"),
    "arrow": ("-> https://kaffe.example/menu", "would open or load kaffe.example by itself"),
    "youtube": ("youtube https://www.youtube.com/watch?v=a", "would open or load www.youtube.com by itself"),
    "frame": ("iframe //youtu.be/a", "would open or load youtu.be by itself"),
    "unregistered": ("[Menu](https://unregistered.example)", "leads to https://unregistered.example, which"),
    "clear": ("[Menu](http://kaffe.example/menu)", "leads to http://kaffe.example/menu, which"),
    "query": ("[Menu](https://kaffe.example/menu?u=1)", "has a link with a query"),
}


@pytest.mark.clause("smoc-1.9", "smoc-1.10", "smoc-5.3.1")
def test_what_opens_by_itself_or_leads_elsewhere_is_refused_at_publication(deploy: Deploy) -> None:
    lines = {name: ICED.replace("We grind it this morning.", line) for name, (line, _) in REFUSED.items()}
    house = deploy("smoc", edit=with_flow(**lines))
    site = (house.home / "site.toml").read_text("utf-8")
    told = {name: published(house, name) for name in REFUSED}
    with (house.home / "site.toml").open("a", encoding="utf-8") as file:  # written by hand, past the command
        file.write('\n[ads.by-hand]\nflow = "redirect"\npublisher = "havnavisen"\n')
    house.close()
    house.open()
    checked = house.cli("check", str(house.home))

    for name, (_, said) in REFUSED.items():
        code, answer = told[name]
        assert code == 1
        assert f"'beans' {said}" in answer, answer
    assert site.count("[ads.") == 1  # the one that stood there before
    assert house.web.get("/smoc/ad/by-hand").status_code == 404
    assert (
        house.web.post("/smoc/ad/by-hand/count", data={"step": "hello", "option": "tea"}).status_code == 404
    )
    assert "'beans' would open or load kaffe.example by itself" in checked[1] + checked[2]


@pytest.mark.clause("smoc-2.7")
def test_five_who_finish_an_ad_leave_one_number_a_step_and_nothing_of_themselves(
    house: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    where = [f"198.51.100.{n}" for n in range(11, 16)]
    for address in where:
        browser = house.client(address)
        browser.headers["User-Agent"] = f"Browser of {address}"
        shown = browser.get(f"/smoc/ad/{UNIT}")
        assert "set-cookie" not in shown.headers
        for step, option in WALK:
            done = browser.post(f"/smoc/ad/{UNIT}/count", data={"step": step, "option": option})
            assert done.status_code == 204
            assert "set-cookie" not in done.headers
        assert not browser.cookies
    counted = rows(house)
    logged = " ".join(r.getMessage() for r in caplog.records if not r.name.startswith("httpx"))
    person = house.client("198.51.100.99")
    refused = [
        person.post(
            f"/smoc/ad/{UNIT}/count", data={"step": "hello", "option": "tea", "email": "kari@example.no"}
        ),
        person.post(f"/smoc/ad/{UNIT}/count", data={"step": "hello", "option": "kari@example.no"}),
        person.post(f"/smoc/ad/{UNIT}/count?email=kari@example.no", data={"step": "hello", "option": "tea"}),
    ]
    logged += " ".join(r.getMessage() for r in caplog.records if not r.name.startswith("httpx"))

    assert counted == {(s, ""): 5 for s in ("hello", "leaves", "card", "bye")}
    assert [found for a in where for found in house.on_disk(a)] == []
    assert [a for a in where if a in logged] == []
    assert [r.status_code for r in refused] == [422, 422, 422]
    assert [r.json()["clause"] for r in refused] == ["2", "2", "2"]
    assert rows(house) == counted
    assert "kari@example.no" not in logged + "".join(r.text for r in refused)
    assert house.on_disk("kari@example.no") == []


@pytest.mark.clause("smoc-2.7")
def test_an_answer_is_told_from_ten_on_and_only_to_the_client_whose_ad_it_is(house: Deployment) -> None:
    for n in range(12):
        ended(house, ("hello", "tea"), address=f"198.51.100.{n}")
    for n in range(3):
        ended(house, ("hello", "coffee"), address=f"198.51.100.{n}")
    few = rows(house)
    for n in range(8):
        ended(house, ("hello", "coffee"), address=f"198.51.100.{n}")

    assert few == {("hello", ""): 15}
    assert rows(house) == {("hello", "tea"): 12, ("hello", "coffee"): 11}
    assert rows(house, "kaffe-key") == rows(house)
    assert rows(house, "lysverk-client-key") == {}


@pytest.mark.clause("smoc-2.7", "smoc-1.8")
def test_the_zip_that_the_server_hands_out_holds_against_every_rule(
    house: Deployment, tmp_path: Path
) -> None:
    got = house.web.get(f"/smoc/ad/{UNIT}.zip")
    file = tmp_path / "got.zip"
    file.write_bytes(got.content)
    code, said, _ = house.cli("ad", "lint", str(file))
    text = zipfile.ZipFile(io.BytesIO(got.content)).read("index.html").decode()

    assert code == 0, said
    assert "connect-src 'none'" in text
    assert re.findall(r"https?://([^/\"]+)", text) == ["kaffe.example"] * text.count("https://kaffe.example")


@pytest.mark.clause("smoc-1.7", "smoc-1.8")
def test_the_companys_own_ad_is_one_that_a_paper_may_show_and_an_ad_server_takes(deploy: Deploy) -> None:
    house = deploy("smoc")
    shown = house.web.get("/smoc/ad/icy-havnavisen", headers={"Referer": f"{PUBLISHER}/forside"})
    file = house.folder / "icy.zip"
    built, _, _ = house.cli("ad", "build", str(house.home), "icy", "--out", str(file))
    linted, said, _ = house.cli("ad", "lint", str(file))
    press = house.web.post("/smoc/ad/icy-havnavisen/count", data={"step": "warm", "option": "tea"})

    assert shown.status_code == 200
    assert "What do you reach for?" in shown.text
    assert (built, linted) == (0, 0)
    assert {line.split()[0] for line in said.splitlines()} == {"ok"}
    assert press.status_code == 204
