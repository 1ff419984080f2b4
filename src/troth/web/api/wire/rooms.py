"""Rooms on the wire: a company's instance, its members as each lets themself be seen, and the feed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from troth.web.api.wire.base import In, Line, Moment, Out

Short = Annotated[str, Meta(max_length=400)]
Words = Annotated[str, Meta(max_length=5000)]
Number = Annotated[str, Meta(max_length=40, pattern=r"^[0-9a-f]*$")]


class RoomOut(Out, frozen=True):
    """An instance as its members see it; ``record`` is what DNS must show, told while it does not."""

    company: str
    domain: str
    standing: str
    members: int
    admin: bool
    prefix: str = ""
    greeting: str = ""
    channels: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    host: str = ""
    record: str = ""


class RoomIn(In, frozen=True):
    """Settings to change; what is left out stays.  Lists are words with commas between them."""

    company: Short | None = None
    prefix: Annotated[str, Meta(max_length=80)] | None = None
    greeting: Annotated[str, Meta(max_length=1000)] | None = None
    colour: Annotated[str, Meta(max_length=7)] | None = None
    topics: Short | None = None
    channels: Short | None = None
    details: Short | None = None


class ColleagueIn(In, frozen=True):
    """The work address of somebody to invite."""

    email: Line


class LoadedIn(In, frozen=True):
    """One person whom the company hands over; the year of birth is looked at and not kept."""

    email: Line
    name: Annotated[str, Meta(max_length=80)] = ""
    born: Annotated[str, Meta(max_length=4)] = ""


class LoadIn(In, frozen=True):
    """People whom the company hands over to be entered."""

    people: Annotated[tuple[LoadedIn, ...], Meta(min_length=1, max_length=500)]


class RowOut(Out, frozen=True):
    """What became of one of them; ``wrong`` is empty when they are in."""

    line: int
    wrong: str


class LoadOut(Out, frozen=True):
    """What became of each, in the order they were sent."""

    rows: tuple[RowOut, ...]


class EntryOut(Out, frozen=True):
    """One line of the Admin's list."""

    tag: str
    name: str
    email: str
    source: str
    admin: bool


class RollOut(Out, frozen=True):
    """Everybody in the instance, for its Admin."""

    members: tuple[EntryOut, ...]


class CountOut(Out, frozen=True):
    """How many stand behind one subject."""

    subject: str
    people: int


class CountsOut(Out, frozen=True):
    """What the members like best, no group too small."""

    topics: tuple[CountOut, ...]


class ProfileOut(Out, frozen=True):
    """A member as somebody sees them."""

    tag: str
    name: str
    parts: dict[str, str]
    details: dict[str, str]


class ProfilesOut(Out, frozen=True):
    """Who is in the directory."""

    members: tuple[ProfileOut, ...]


class ShownIn(In, frozen=True):
    """Whether colleagues see one part of one's profile."""

    part: Annotated[str, Meta(max_length=40)]
    on: bool


class TopicsIn(In, frozen=True):
    """The subjects one likes best, out of the instance's own."""

    topics: Annotated[tuple[Short, ...], Meta(max_length=40)]


class PostIn(In, frozen=True):
    """What to post; ``read`` says, at the first post, that one knows who reads it."""

    text: Words
    channel: Short = ""
    topic: Short = ""
    link: Annotated[str, Meta(max_length=2000)] = ""
    not_before: datetime | None = None
    read: bool = False


class WordsIn(In, frozen=True):
    """Words: of a comment, of a post that is changed, of a report."""

    text: Words


class PreviewOut(Out, frozen=True):
    """How a linked page shows itself, as plain text."""

    title: str
    words: str


class PostOut(Out, frozen=True):
    """A post or comment as its reader sees it."""

    number: str
    tag: str
    author: str
    text: str
    at: datetime
    mine: bool
    channel: str
    topic: str
    link: str
    preview: PreviewOut | None
    picture: bool
    hidden: bool
    likes: int
    liked: bool
    comments: tuple[PostOut, ...]


class FeedOut(Out, frozen=True):
    """The feed: posts on one's own subjects first."""

    posts: tuple[PostOut, ...]
    readers: int


class PostedOut(Out, frozen=True):
    """The number of what was just posted."""

    number: str


class LikedOut(Out, frozen=True):
    """Whether the post is liked now."""

    liked: bool


class LookOut(Out, frozen=True):
    """One look of the house at somebody of the room; ``records`` how many it showed."""

    at: Moment
    whose: str
    role: str
    data: str
    purpose: str
    reason: str
    records: int | None


class LooksOut(Out, frozen=True):
    """Every look at the people of the room, the last first."""

    looks: tuple[LookOut, ...]


class ReportedOut(Out, frozen=True):
    """A post that was reported or is hidden, with the reasons."""

    post: PostOut
    reasons: tuple[str, ...]


class ReportsOut(Out, frozen=True):
    """What waits for the Admin to look at."""

    reports: tuple[ReportedOut, ...]
