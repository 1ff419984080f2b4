"""The linter: our own ad holds against every rule, and each rule finds what it is there for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from hashlib import sha512

import pytest

from troth.publish.ad import Creative, Exit, Turn, bundle, page
from troth.publish.ad_lint import WEIGHTS, lint, wrong

MENU = Exit("Menu", "https://kaffe.example/menu?campaign=spring")
TURNS = (
    Turn("hello", ("Tea?",), (("yes", "Yes", "bye"), ("no", "No", "bye"))),
    Turn("bye", ("Bye </script><b>",), end=True, exits=(MENU,)),
)


def ad(size: tuple[int, int] = (300, 250), count: str = "") -> Creative:
    return Creative("Tea?", "en", size, "Kaffe & Sønn", "☕", "#5B3A29", MENU.url, TURNS, count)


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, raw in files.items():
            pack.writestr(name, raw)
    return made.getvalue()


def changed(old: str, new: str, **files: str) -> bytes:
    """Return our ad with one text in its page put otherwise, and further files."""
    own = zipfile.ZipFile(io.BytesIO(bundle(ad())))
    text = own.read("index.html").decode()
    assert old in text
    return zipped({"index.html": text.replace(old, new, 1), "backup.png": own.read("backup.png"), **files})


@pytest.mark.parametrize("size", [s for s in WEIGHTS if s[1] >= 90])
def test_our_own_ad_holds_in_every_size(size: tuple[int, int]) -> None:
    assert wrong(bundle(ad(size))) == ()


def test_the_same_conversation_makes_the_same_bytes() -> None:
    assert bundle(ad()) == bundle(ad())


def test_what_an_author_wrote_never_ends_the_script_it_stands_in() -> None:
    text = page(ad())

    assert "Bye \\u003c/script>" in text
    assert text.count("</script>") == 3


def test_a_counter_is_a_host_like_any_other_until_it_is_said_to_be_the_deployments_own() -> None:
    raw = bundle(ad(count="https://s.example/x/ad/u/count"))

    assert "outside: index.html names s.example" in wrong(raw)
    assert wrong(raw, counters=frozenset({"s.example"})) == ()


HEAD = "</head>"


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("single html", "<html", "<html"),
        ("ad.size", "ad.size", "ad.side"),
        ("ad.size", "width=300,height=250", "width=301,height=250"),
        ("clickTag", "var clickTag ", "var clicked "),
        ("clickTag", '"https://kaffe', '"http://kaffe'),
        ("outside", "<style>", '<script src="https://cdn.example/a.js"></script><style>'),
        ("outside", "<style>", '<link rel="stylesheet" href="//fonts.example/a.css"><style>'),
        ("outside", "<style>", '<img src="https://kaffe.example/pixel.gif"><style>'),
        ("outside", "connect-src 'none'", "connect-src *"),
        ("polite load", HEAD, '<script>var i = new Image; i.alt = "";</script></head>'),
        ("polite load", HEAD, '<meta http-equiv="refresh" content="1"></head>'),
        ("storage", HEAD, "<script>document.cookie = 'a=b'</script></head>"),
        ("storage", HEAD, "<script>localStorage.a = 1</script></head>"),
        ("frame", HEAD, "<script>top.location = 'x'</script></head>"),
        ("frame", HEAD, "<script>window.parent.postMessage('x', '*')</script></head>"),
        ("text", HEAD, "<script>document.body.innerHTML = 'x'</script></head>"),
        ("quiet", HEAD, "<video autoplay></video></head>"),
    ],
)  # fmt: skip
def test_each_rule_finds_what_it_is_there_for(rule: str, old: str, new: str) -> None:
    more = {"more.html": "<p>index.html"} if rule == "single html" else {}
    found = wrong(changed(old, new, **more))

    assert any(one.startswith(f"{rule}: ") for one in found), found


def test_files_that_are_too_heavy_too_many_or_unused_are_found() -> None:
    noise = "".join(sha512(str(n).encode()).hexdigest() for n in range(3000))
    own = changed("<style>", "<style>", **{"unused.js": "1"})
    heavy = changed("<style>", "<style>/* heavy.js */", **{"heavy.js": noise})
    many = changed("<style>", "<style>/*" + "".join(f"f{n}.js " for n in range(10)) + "*/",
                   **{f"f{n}.js": "1" for n in range(10)})  # fmt: skip

    assert "requests: unused.js is in the zip and nothing uses it" in wrong(own)
    assert any("requests: 11 files" in one for one in wrong(many))
    assert any(one.startswith("weight: ") for one in wrong(heavy))


def test_a_zip_without_a_still_image_or_with_one_of_another_size_is_found() -> None:
    own = zipfile.ZipFile(io.BytesIO(bundle(ad())))
    none = zipped({"index.html": own.read("index.html")})
    other = zipped(
        {
            "index.html": own.read("index.html"),
            "backup.png": zipfile.ZipFile(io.BytesIO(bundle(ad((728, 90))))).read("backup.png"),
        }
    )

    assert wrong(none) == ("backup image: no backup.png, backup.jpg or backup.gif",)
    assert wrong(other) == ("backup image: backup.png is 728x90",)


def test_what_is_no_zip_or_holds_another_is_said_to_be_so() -> None:
    assert lint(b"PK nothing")[0].wrong == ("is no zip",)
    assert "zip: inner.zip is packed again" in wrong(changed("<style>", "<style>", **{"inner.zip": "x"}))
