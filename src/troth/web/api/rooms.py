"""Rooms: a company's instance, its members and its feed, as one of its people reaches them.

INVARIANT (no word of another room): a number or tag of another instance is answered as one that does not
exist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from troth.policy.model import Door, Fact
from troth.runtime import rooms_of
from troth.services import feed, instances, members
from troth.services.feed import Draft, Post
from troth.services.instances import Instance, Rooms, Taken, Unfit
from troth.services.looks import looks as told_looks
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire import rooms as w
from troth.web.api.wire.base import SaidOut
from troth.web.room.feed import preview_of
from troth.web.room.letters import Entry, invite, load

P = ParamSpec("P")
R = TypeVar("R")
SENT = SaidOut(said="if nobody wrote there before, an invitation is on its way")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the asker sits."""

    call: Call
    rooms: Rooms
    person: int
    instance: Instance

    @property
    def number(self) -> str:
        return self.call.path["number"]


def seated(
    does: Callable[Concatenate[Place, P], R], *, admin: bool = False, open_: bool = True
) -> Callable[[Call], R]:
    """Make an operation of a deed at one's own place: 404 for who has none, 403 for who is no Admin."""

    @wraps(does)
    def asked(call: Call, *args: P.args, **more: P.kwargs) -> R:
        try:
            return does(_place(call, admin, open_), *args, **more)
        except Taken as taken:
            raise Fault(409, "conflict", str(taken)) from taken
        except Unfit as unfit:
            raise Fault(422, "invalid", str(unfit)) from unfit

    return asked


def room_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause of what puts people into one room."""
    policy = call.company.policy
    fact = next((f.name for f in policy.of(Fact) if f.of == "viewer" and f.by), "")
    return clauses_of(policy, Fact, fact)


def _room(at: Place) -> w.RoomOut:
    """Return one's own instance."""
    one, admin = at.instance, members.administers(at.rooms, at.person)
    standing = one.standing(at.call.now)
    proof = (one.host, one.record) if admin or standing == "claimed" else ("", "")
    return w.RoomOut(
        company=one.company,
        domain=one.domain,
        standing=standing,
        members=len(at.rooms.gate.people_in(number=one.number)),
        admin=admin,
        prefix=one.prefix,
        greeting=one.greeting,
        channels=one.channels,
        topics=one.topics,
        details=one.details,
        host=proof[0],
        record=proof[1],
    )


def _prove(at: Place) -> w.RoomOut:
    """Look for the proof in DNS now."""
    instances.prove(at.rooms, at.instance, at.call.company.outside.txt)
    return _room(_place(at.call, False, False))


def _configure(at: Place) -> w.RoomOut:
    """Change settings."""
    sent = at.call.read(w.RoomIn)
    said = {n: v for n in sent.__struct_fields__ if (v := getattr(sent, n)) is not None}
    instances.configure(at.rooms, at.instance, **said)
    return _room(_place(at.call, True, True))


def _invite(at: Place) -> SaidOut:
    """Write to a colleague."""
    invite(at.call.company, at.instance, at.person, at.call.read(w.ColleagueIn).email)
    return SENT


def _roll(at: Place) -> w.RollOut:
    """List the members for the Admin."""
    rows = members.roll(at.rooms, at.person)
    return w.RollOut(
        members=tuple(
            w.EntryOut(tag=r.tag, name=r.name, email=r.email, source=r.source, admin=r.admin) for r in rows
        )
    )


def _enter(at: Place) -> w.LoadOut:
    """Enter people whom the Admin hands over."""
    return _loaded(at.call, at.instance, "upload")


def _dismiss(at: Place) -> SaidOut:
    """Let somebody go."""
    person = _fellow(at)
    if person == at.person:
        raise Unfit("the Admin leaves on their own page")
    instances.leave(at.rooms, person)
    at.call.sessions.end_person(at.call.company.name, person)
    return SaidOut(said="they are outside now")


def _appoint(at: Place) -> SaidOut:
    """Make a member an Admin too."""
    members.appoint(at.rooms, at.person, _fellow(at))
    return SaidOut(said="they look after it too")


def _counts(at: Place) -> w.CountsOut:
    """Count the subjects for the Admin."""
    found = members.topic_totals(at.rooms, at.person, at.instance)
    return w.CountsOut(topics=tuple(w.CountOut(subject=s, people=n) for s, n in found))


def _directory(at: Place) -> w.ProfilesOut:
    """List who is in the directory."""
    found = members.directory(at.rooms, at.person, at.call.ask("find"))
    return w.ProfilesOut(members=tuple(map(_profile_out, found)))


def _member(at: Place) -> w.ProfileOut:
    """Show a colleague."""
    return _profile_out(members.colleague(at.rooms, at.person, _fellow(at)))


def _show(at: Place) -> SaidOut:
    """Let colleagues see a part of one's profile, or no longer."""
    sent = at.call.read(w.ShownIn)
    members.show_part(at.rooms, at.person, sent.part, on=sent.on)
    return SaidOut(said="noted")


def _topics(at: Place) -> SaidOut:
    """Choose the subjects one likes best."""
    members.choose_topics(at.rooms, at.person, at.instance, at.call.read(w.TopicsIn).topics)
    return SaidOut(said="noted")


def _feed(at: Place) -> w.FeedOut:
    """Return the feed."""
    ask = at.call.ask
    posts = feed.feed(at.rooms, at.person, channel=ask("channel"), topic=ask("topic"), find=ask("find"))
    readers = len(at.rooms.gate.fellows(person=at.person))
    return w.FeedOut(posts=tuple(map(_post_out, posts)), readers=readers)


def _one(at: Place) -> w.PostOut:
    """Return one post with its comments."""
    return _post_out(feed.one(at.rooms, at.person, at.number))


def _post(at: Place) -> w.PostedOut:
    """Post something."""
    sent = at.call.read(w.PostIn)
    if not sent.read and not feed.has_posted(at.rooms, at.person):
        raise Unfit("say 'read': everybody of the instance will read this")
    if sent.not_before is not None and sent.not_before.tzinfo is None:
        raise Unfit("not_before: a moment with its time zone")
    page = at.call.company.outside.page
    preview = preview_of(page, sent.link)
    draft = Draft(sent.text, sent.channel, sent.topic, sent.link, preview, "", sent.not_before)
    return w.PostedOut(number=feed.post(at.rooms, at.person, at.instance, draft))


def _comment(at: Place) -> w.PostedOut:
    """Comment on a post."""
    draft = Draft(at.call.read(w.WordsIn).text, to=at.number)
    return w.PostedOut(number=feed.post(at.rooms, at.person, at.instance, draft))


def _change(at: Place) -> SaidOut:
    """Put other words in place of one's own."""
    feed.change(at.rooms, at.person, at.number, at.call.read(w.WordsIn).text)
    return SaidOut(said="changed")


def _take_back(at: Place) -> SaidOut:
    """Take one's own post back, for everybody."""
    feed.take_back(at.rooms, at.person, at.number)
    return SaidOut(said="taken back")


def _like(at: Place) -> w.LikedOut:
    """Like a post, or no longer."""
    return w.LikedOut(liked=feed.like(at.rooms, at.person, at.number))


def _report(at: Place) -> SaidOut:
    """Point the Admin to a post."""
    feed.report(at.rooms, at.person, at.number, at.call.read(w.WordsIn).text)
    return SaidOut(said="the Admin will look at it")


def _reports(at: Place) -> w.ReportsOut:
    """List what was reported."""
    found = feed.reported(at.rooms, at.person)
    return w.ReportsOut(reports=tuple(w.ReportedOut(post=_post_out(p), reasons=r) for p, r in found))


def _looks(at: Place) -> w.LooksOut:
    """List when, why and at what the house looked at the people of the room."""
    return w.LooksOut(
        looks=tuple(
            w.LookOut(
                at=one.at,
                whose=one.whose,
                role=one.role,
                data=one.data,
                purpose=one.purpose,
                reason=one.reason,
                records=one.records,
            )
            for one in told_looks(at.rooms, at.person)
        )
    )


def _hide(at: Place) -> SaidOut:
    """Hide a post from everybody but its author, or show it again."""
    feed.hide(at.rooms, at.person, at.number)
    return SaidOut(said="done")


room = seated(_room, open_=False)
prove = seated(_prove, open_=False)
configure, roll, enter = (seated(does, admin=True) for does in (_configure, _roll, _enter))
dismiss, counts, appoint = (seated(does, admin=True) for does in (_dismiss, _counts, _appoint))
invite_colleague, directory, member = seated(_invite), seated(_directory), seated(_member)
show, topics, read, one, post = (seated(d) for d in (_show, _topics, _feed, _one, _post))
comment, change, take_back, like = (seated(d) for d in (_comment, _change, _take_back, _like))
looks = seated(_looks, admin=True)
report, reports, hide = seated(_report), seated(_reports, admin=True), seated(_hide, admin=True)


def load_people(call: Call) -> w.LoadOut:
    """Enter people for a company that handed them over; for the role that the document shows seats to."""
    rooms = _rooms(call)
    seats = rooms.policy.of(Door)
    wanted = rooms.purpose(members.profile_data(rooms))
    roles = {d.party for d in seats if d.verb == "show" and wanted in d.purposes}
    if not roles & set(call.asker.roles):
        raise Fault(403, "wrong-asker", "entering people is for another role", clauses=room_clauses(call))
    instance = instances.by_domain(rooms, call.path["domain"].lower())
    if instance is None:
        raise Fault(404, "not-here", "no instance has this domain")
    return _loaded(call, instance, "staff-load")


def _loaded(call: Call, instance: Instance, source: str) -> w.LoadOut:
    rows = (Entry(p.email, p.name, p.born) for p in call.read(w.LoadIn).people)
    done = load(call.company, instance, rows, source)
    return w.LoadOut(rows=tuple(w.RowOut(line=r.line, wrong=r.wrong) for r in done))


def _place(call: Call, admin: bool, open_: bool) -> Place:
    rooms, person = _rooms(call), call.person()
    instance = instances.of(rooms, person)
    if instance is None:
        raise Fault(404, "not-here", "you are in no instance")
    if open_ and instance.standing(call.now) in ("claimed", "shut"):
        said = "this instance is not open: its domain is not proven"
        raise Fault(403, "refused", said, clauses=room_clauses(call))
    if admin and not members.administers(rooms, person):
        raise Fault(403, "refused", "this is for the Admin of your instance", clauses=room_clauses(call))
    return Place(call, rooms, person, instance)


def _rooms(call: Call) -> Rooms:
    if not instances.known(call.company.policy):
        raise Fault(404, "not-here", "there are no instances here")
    return rooms_of(call.company)


def _fellow(at: Place) -> int:
    """Return whom a tag means in the asker's own room; 404 for everybody else."""
    person = at.rooms.gate.tagged(tag=at.call.path["colleague"])
    if person is None or person not in at.rooms.gate.fellows(person=at.person):
        raise Fault(404, "not-here", "nobody here has this tag")
    return person


def _profile_out(profile: members.Profile) -> w.ProfileOut:
    parts, details = dict(profile.parts), dict(profile.details)
    return w.ProfileOut(tag=profile.tag, name=profile.name, parts=parts, details=details)


def _post_out(post: Post) -> w.PostOut:
    preview = w.PreviewOut(title=post.preview.title, words=post.preview.words) if post.preview else None
    return w.PostOut(
        number=post.number,
        tag=post.tag,
        author=post.author,
        text=post.text,
        at=post.at,
        mine=post.mine,
        channel=post.channel,
        topic=post.topic,
        link=post.link,
        preview=preview,
        picture=post.picture,
        hidden=post.hidden,
        likes=post.likes,
        liked=post.liked,
        comments=tuple(map(_post_out, post.comments)),
    )
