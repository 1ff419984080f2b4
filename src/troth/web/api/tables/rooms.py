"""Rooms: the operations of a company's instance, its members and its feed."""

from __future__ import annotations

from troth.web.api import rooms
from troth.web.api.door import Operation, Query
from troth.web.api.wire import rooms as w
from troth.web.api.wire.base import SaidOut

PERSON, STAFF = frozenset({"person"}), frozenset({"staff"})
ONE = "/people/{tag}"

ROOMS = (
    Operation("GET", f"{ONE}/room", rooms.room, "your company's instance", PERSON, w.RoomOut,
        by=rooms.room_clauses),
    Operation("PATCH", f"{ONE}/room", rooms.configure, "change its settings, as its Admin", PERSON,
        w.RoomOut, w.RoomIn, by=rooms.room_clauses, act=True),
    Operation("POST", f"{ONE}/room/proof", rooms.prove, "look for the domain's proof in DNS", PERSON,
        w.RoomOut, by=rooms.room_clauses, act=True),
    Operation("POST", f"{ONE}/room/invitations", rooms.invite_colleague,
        "invite a colleague of the same domain", PERSON, SaidOut, w.ColleagueIn, status=202,
        by=rooms.room_clauses, act=True),
    Operation("GET", f"{ONE}/room/members", rooms.roll, "who is in it, for its Admin", PERSON, w.RollOut,
        by=rooms.room_clauses),
    Operation("POST", f"{ONE}/room/members", rooms.enter, "enter people, as its Admin", PERSON, w.LoadOut,
        w.LoadIn, status=201, by=rooms.room_clauses, act=True),
    Operation("DELETE", f"{ONE}/room/members/{{colleague}}", rooms.dismiss, "let somebody go, as its Admin",
        PERSON, SaidOut, by=rooms.room_clauses, act=True),
    Operation("POST", f"{ONE}/room/members/{{colleague}}/admin", rooms.appoint, "make somebody an Admin too",
        PERSON, SaidOut, by=rooms.room_clauses, act=True),
    Operation("GET", f"{ONE}/room/topics", rooms.counts, "what its people like best, for its Admin", PERSON,
        w.CountsOut, by=rooms.room_clauses),
    Operation("GET", f"{ONE}/room/reports", rooms.reports, "what was reported, for its Admin", PERSON,
        w.ReportsOut, by=rooms.room_clauses),
    Operation("GET", f"{ONE}/room/looks", rooms.looks, "when and why we looked at its people, for its Admin",
        PERSON, w.LooksOut, by=rooms.room_clauses),
    Operation("POST", "/rooms/{domain}/members", rooms.load_people, "enter people for a company", STAFF,
        w.LoadOut, w.LoadIn, status=201, by=rooms.room_clauses),
    Operation("GET", f"{ONE}/colleagues", rooms.directory, "the directory of your instance", PERSON,
        w.ProfilesOut, query=(Query("find", "words of a name"),), by=rooms.room_clauses),
    Operation("GET", f"{ONE}/colleagues/{{colleague}}", rooms.member, "a colleague, as far as they show",
        PERSON, w.ProfileOut, by=rooms.room_clauses),
    Operation("POST", f"{ONE}/profile/shown", rooms.show, "let colleagues see a part of your profile", PERSON,
        SaidOut, w.ShownIn, by=rooms.room_clauses, act=True),
    Operation("PUT", f"{ONE}/profile/topics", rooms.topics, "choose the subjects you like best", PERSON,
        SaidOut, w.TopicsIn, by=rooms.room_clauses, act=True),
    Operation("GET", f"{ONE}/feed", rooms.read, "the feed of your instance", PERSON, w.FeedOut,
        query=(Query("channel", "one channel"), Query("topic", "one topic"), Query("find", "its words")),
        by=rooms.room_clauses),
    Operation("POST", f"{ONE}/feed", rooms.post, "post something", PERSON, w.PostedOut, w.PostIn,
        status=201, by=rooms.room_clauses, act=True),
    Operation("GET", f"{ONE}/feed/{{number}}", rooms.one, "one post with its comments", PERSON, w.PostOut,
        by=rooms.room_clauses),
    Operation("PATCH", f"{ONE}/feed/{{number}}", rooms.change, "change your own words", PERSON, SaidOut,
        w.WordsIn, by=rooms.room_clauses, act=True),
    Operation("DELETE", f"{ONE}/feed/{{number}}", rooms.take_back, "take your post back", PERSON, SaidOut,
        by=rooms.room_clauses, act=True),
    Operation("POST", f"{ONE}/feed/{{number}}/comments", rooms.comment, "comment on a post", PERSON,
        w.PostedOut, w.WordsIn, status=201, by=rooms.room_clauses, act=True),
    Operation("POST", f"{ONE}/feed/{{number}}/likes", rooms.like, "like a post, or no longer", PERSON,
        w.LikedOut, by=rooms.room_clauses, act=True),
    Operation("POST", f"{ONE}/feed/{{number}}/reports", rooms.report, "point the Admin to a post", PERSON,
        SaidOut, w.WordsIn, status=201, by=rooms.room_clauses, act=True),
    Operation("POST", f"{ONE}/feed/{{number}}/hidden", rooms.hide, "hide a post, or show it again, as Admin",
        PERSON, SaidOut, by=rooms.room_clauses, act=True),
)  # fmt: skip
