"""Feed: what the people of one instance post, comment and like, as each of them sees it now.

A post is its author's record and stays theirs to change and to take back; a comment is a post that names
another, a like names a post.  Nothing of it is copied: who leaves, or takes a post back, takes it out of
every feed at once.  What is hidden by the Admin, or shown from a later moment, only its author sees.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from troth.gate import BadBody, NoRecord
from troth.gate.values import Held
from troth.services import members
from troth.services.instances import Instance, Rooms, Unfit
from troth.services.previews import Preview, address

LONGEST = 5_000
MOST = 100  # posts on one page
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


@dataclass(frozen=True, slots=True)
class Post:
    """A post or comment as one member sees it."""

    number: str
    person: int
    tag: str
    author: str
    text: str
    at: datetime
    mine: bool
    channel: str = ""
    topic: str = ""
    link: str = ""
    preview: Preview | None = None
    picture: bool = False
    waits: datetime | None = None
    hidden: bool = False
    likes: int = 0
    liked: bool = False
    comments: tuple[Post, ...] = ()
    liked_topic: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody is about to post."""

    text: str
    channel: str = ""
    topic: str = ""
    link: str = ""
    preview: Preview | None = None
    picture: str = ""
    shown_from: datetime | None = None
    to: str = ""


def feed(
    rooms: Rooms, viewer: int, *, channel: str = "", topic: str = "", find: str = ""
) -> tuple[Post, ...]:
    """Return the feed: posts on the viewer's own subjects first, each kind newest first."""
    posts, comments = _posts(rooms, viewer)
    favourites = frozenset(members.topics_of(rooms, viewer))
    wanted = find.casefold().split()
    shown = [
        replace(
            post,
            liked_topic=post.topic in favourites,
            comments=tuple(sorted(comments.get(post.number, ()), key=lambda c: c.at)),
        )
        for post in posts
        if channel in ("", post.channel)
        if topic in ("", post.topic)
        if all(w in post.text.casefold() for w in wanted)
    ]
    shown.reverse()  # of two at one moment the later comes first
    shown.sort(key=lambda p: p.at, reverse=True)
    shown.sort(key=lambda p: not p.liked_topic)
    return tuple(shown[:MOST])


def one(rooms: Rooms, viewer: int, number: str) -> Post:
    """Return one post with its comments, or a comment; raise ``NoRecord`` where the viewer sees none."""
    posts, comments = _posts(rooms, viewer)
    every = [*posts, *(c for found in comments.values() for c in found)]
    for post in every:
        if post.number == number:
            return replace(post, comments=tuple(sorted(comments.get(number, ()), key=lambda c: c.at)))
    raise NoRecord("of this post")


def post(rooms: Rooms, person: int, instance: Instance, draft: Draft) -> str:
    """Post something, or comment on a post the person sees; return its number.  Raises ``Unfit``."""
    _fits(rooms, person, instance, draft)
    data, number = _posting(rooms), secrets.token_hex(8)
    body: dict[str, object] = {
        "number": number,
        "text": draft.text.strip(),
        "channel": draft.channel,
        "topic": draft.topic,
        "link": draft.link,
        "preview": draft.preview.line if draft.preview else "",
        "to": draft.to,
        "pictured": "yes" if draft.picture else "",
    }
    if draft.shown_from:
        body["shown-from"] = draft.shown_from.isoformat()
    said = {n: v for n, v in body.items() if v}
    rooms.gate.collect(person=person, data=data, body=said, purpose=_daily(rooms), source="person")
    rooms.gate.tie(person=person, data=data, value=number)
    if draft.picture:
        image = {"number": number, "image": draft.picture}
        pictures = rooms.category("number", "image").name
        rooms.gate.collect(person=person, data=pictures, body=image, purpose=_daily(rooms), source="person")
    return number


def change(rooms: Rooms, person: int, number: str, text: str) -> None:
    """Put other words in place of one's own; raise ``NoRecord`` for somebody else's post."""
    if not 0 < len(text.strip()) <= LONGEST:
        raise Unfit(f"a post has between 1 and {LONGEST} characters")
    held = _own(rooms, person, number)
    rooms.gate.correct(person=person, rid=held.rid, body={"text": text.strip()})


def take_back(rooms: Rooms, person: int, number: str) -> None:
    """Take one's own post out for everybody, with its picture; raise ``NoRecord`` for somebody else's."""
    held, pictures = _own(rooms, person, number), rooms.category("number", "image").name
    rooms.gate.remove(person=person, rid=held.rid)
    rooms.gate.untie(person=person, data=_posting(rooms), value=number)
    for other in rooms.gate.access(person=person).held:
        if other.data == pictures and other.body.get("number") == number:
            rooms.gate.remove(person=person, rid=other.rid)


def like(rooms: Rooms, person: int, number: str) -> bool:
    """Like a post the person sees, or no longer; say whether it is liked now."""
    one(rooms, person, number)
    data = rooms.category("likes").name
    mine = [h for h in rooms.gate.access(person=person).held if h.data == data and h.body["likes"] == number]
    for held in mine:
        rooms.gate.remove(person=person, rid=held.rid)
    if not mine:
        body = {"likes": number}
        rooms.gate.collect(person=person, data=data, body=body, purpose=_daily(rooms), source="person")
    return not mine


def report(rooms: Rooms, person: int, number: str, why: str) -> None:
    """Point the Admin to a post; once a person and post."""
    one(rooms, person, number)
    data = rooms.category("about", "why")
    held = (h for h in rooms.gate.access(person=person).held if h.data == data.name)
    if any(h.body["about"] == number for h in held):
        return
    body = {"about": number, **({"why": why.strip()[:400]} if why.strip() else {})}
    rooms.gate.collect(person=person, data=data.name, body=body, purpose=rooms.purpose(data), source="person")


def reported(rooms: Rooms, admin: int) -> tuple[tuple[Post, tuple[str, ...]], ...]:
    """Return the posts that were reported or are hidden, with the reasons; nothing for who is no Admin."""
    data = rooms.category("about", "why").name
    reasons: dict[str, list[str]] = {}
    for held in rooms.gate.seen_all(glance=members.glance(rooms, admin, data, admin=True)):
        reasons.setdefault(str(held.body["about"]), []).append(str(held.body.get("why", "")))
    look = members.glance(rooms, admin, _posting(rooms), admin=True)
    called = members.names(rooms, admin)
    found = [_post(rooms, h, admin, called, {}) for h in rooms.gate.seen_all(glance=look)]
    return tuple(
        (p, tuple(filter(None, reasons.get(p.number, [])))) for p in found if p.number in reasons or p.hidden
    )


def hide(rooms: Rooms, admin: int, number: str) -> None:
    """Hide a post from everybody but its author, or show it again; raise ``Refused`` or ``NoRecord``."""
    look = members.glance(rooms, admin, _posting(rooms), admin=True)
    for author in rooms.gate.bearers(data=_posting(rooms), value=number):
        for held in rooms.gate.seen(person=author, glance=look):
            if held.body.get("number") == number:
                rooms.gate.moderate(person=author, rid=held.rid, field="hidden", glance=look)
                return
    raise NoRecord("of this post")


def picture(rooms: Rooms, viewer: int, number: str) -> str:
    """Return the picture of a post the viewer sees, as base64; raise ``NoRecord``."""
    seen = one(rooms, viewer, number)
    data = rooms.category("number", "image").name
    for held in rooms.gate.seen(person=seen.person, glance=members.glance(rooms, viewer, data)):
        if held.body["number"] == number:
            return str(held.body["image"])
    raise NoRecord("of a picture")


def has_posted(rooms: Rooms, person: int) -> bool:
    """Say whether somebody has posted before, so that they have read who reads it."""
    return _posting(rooms) in rooms.gate.holds(person=person)


def _posts(rooms: Rooms, viewer: int) -> tuple[list[Post], Mapping[str, list[Post]]]:
    named, liked, found = rooms.gate.seen_together(
        glances=(
            members.name_of(rooms, viewer),
            members.glance(rooms, viewer, rooms.category("likes").name),
            members.glance(rooms, viewer, _posting(rooms)),
        )
    )
    called, now = {h.person: str(h.body["name"]) for h in named}, rooms.clock()
    likes: dict[str, list[int]] = {}
    for held in liked:
        likes.setdefault(str(held.body["likes"]), []).append(held.person)
    every = [_post(rooms, held, viewer, called, likes) for held in found]
    to = {str(h.body["number"]): str(h.body.get("to", "")) for h in found}
    open_ = [p for p in every if p.mine or not (p.hidden or (p.waits is not None and p.waits > now))]
    comments: dict[str, list[Post]] = {}
    for comment in (p for p in open_ if to[p.number]):
        comments.setdefault(to[comment.number], []).append(comment)
    return [p for p in open_ if not to[p.number]], comments


def _post(
    rooms: Rooms,
    held: Held,
    viewer: int,
    called: Mapping[int, str],
    likes: Mapping[str, Sequence[int]],
) -> Post:
    said = {name: str(value) for name, value in held.body.items()}
    fans, number = likes.get(said["number"], ()), said["number"]
    waits = datetime.fromisoformat(said["shown-from"]) if said.get("shown-from") else None
    return Post(
        number,
        held.person,
        rooms.gate.tag(person=held.person),
        called.get(held.person, ""),
        said.get("text", ""),
        waits or held.collected,
        held.person == viewer,
        said.get("channel", ""),
        said.get("topic", ""),
        said.get("link", ""),
        Preview.read(said.get("preview", "")),
        said.get("pictured") == "yes",
        waits if waits and waits > rooms.clock() else None,
        said.get("hidden") == "yes",
        len(fans),
        viewer in fans,
    )


def _fits(rooms: Rooms, person: int, instance: Instance, draft: Draft) -> None:
    if not 0 < len(draft.text.strip()) <= LONGEST:
        raise Unfit(f"a post has between 1 and {LONGEST} characters")
    if draft.channel and draft.channel not in instance.channels:
        raise Unfit("there is no such channel here")
    if draft.topic and draft.topic not in instance.topics:
        raise Unfit("there is no such topic here")
    if draft.link and not address(draft.link):
        raise Unfit("a link begins with https:// or http:// and names a site")
    if draft.link and _tells_who(rooms, person, draft.link):
        raise Unfit("this link says who somebody is; take that part out of it")
    if draft.to and one(rooms, person, draft.to).waits:
        raise BadBody("post", "to", "this post is not shown yet")


def _tells_who(rooms: Rooms, person: int, link: str) -> bool:
    """Say whether a link carries a mail address, or the tag of somebody in the room, along with it."""
    parts = urlsplit(link)
    said = unquote(f"{parts.path}?{parts.query}#{parts.fragment}")
    tags = (rooms.gate.tag(person=one) for one in rooms.gate.fellows(person=person))
    return bool(ADDRESS.search(said)) or any(tag in said for tag in tags)


def _own(rooms: Rooms, person: int, number: str) -> Held:
    held = (h for h in rooms.gate.access(person=person).held if h.data == _posting(rooms))
    found = next((h for h in held if h.body.get("number") == number), None)
    if found is None:
        raise NoRecord("of yours with this number")
    return found


def _posting(rooms: Rooms) -> str:
    return rooms.category("number", "text", "channel").name


def _daily(rooms: Rooms) -> str:
    return members.sight(rooms, _posting(rooms))[1]
