"""Words: who may call an operation, and the queries that several take."""

from __future__ import annotations

from troth.web.api.door import Query

ALL = frozenset({"nobody", "person", "job", "staff", "party"})
KEYS = frozenset({"job", "staff", "party"})
PERSON, JOB, STAFF, PARTY = (frozenset({kind}) for kind in ("person", "job", "staff", "party"))
GUEST = frozenset({"nobody", "person"})
DATA = Query("data", "a category of the document")
PURPOSE = Query("purpose", "a purpose of the document")
FIELD = Query("field", "one field of the category")
MEMBER = Query("member", "a member of an open class")
PARTY_ASKED = Query("party", "a recipient of the document")
FORM = Query("form", "identified, truncated, pseudonymous or anonymous")
ONE = "/people/{tag}"
