"""Device: the screen's size and how long a page took, of a person who has made themself known alone.

A script of our own writes both into the form that is sent anyway (``static/visit.js``); the page of somebody
unknown does not carry it, and what is sent for them is not looked at.
"""

from __future__ import annotations

import re

from troth.services import Flow, path
from troth.web.asking import Form
from troth.web.sessions import Session, Talk

SIZE = re.compile(r"[1-9][0-9]{1,4}x[1-9][0-9]{1,4}")
LOAD = re.compile(r"[0-9]{1,6}")
CONTACT = ("email", "phone")


def known(flow: Flow, session: Session, talk: Talk) -> bool:
    """Say whether the person has signed in, or has given an address in this conversation."""
    asks = [(flow.step(name).ask, name) for name in path(flow, talk.answers)]
    return bool(session.mail) or any(a and a.kind in CONTACT and talk.answers.get(n) for a, n in asks)


def note(flow: Flow, session: Session, talk: Talk, form: Form) -> None:
    """Take what a known person's browser says of its screen and of the page's loading."""
    if not known(flow, session, talk):
        return
    size, load = form.get("screen", ""), form.get("load", "")
    told: dict[str, object] = {}
    if SIZE.fullmatch(size):
        told["size"] = size
    if LOAD.fullmatch(load):
        told["load"] = int(load)
    if told:
        talk.visit = {**talk.visit, "device": told}


def facts(talk: Talk) -> dict[str, object]:
    """Return what was noted, under the number of its visit."""
    told, body = talk.visit.get("device"), talk.visit.get("body")
    if not isinstance(told, dict):
        return {}
    number = body.get("session") if isinstance(body, dict) else None
    return {**told, "session": number} if number else dict(told)
