"""Open: from a folder to an open company: check, prove, then the store, the gate, what is published.

INVARIANT (nothing half open): whatever fails closes what was opened before it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from troth import store as stores
from troth.carriers import Acquirer, Carrier, Connector, Mailbox, Outbox, Smtp, Webhook
from troth.gate import Delivery, Gate
from troth.gate.house import no_connector, nobody_charges
from troth.gate.values import Charge, Inquiry
from troth.policy.model import Data, Policy, Purpose
from troth.runtime.agents import public, speaker
from troth.runtime.campaigns import Campaign
from troth.runtime.company import Company, Contact, Parties
from troth.runtime.editions import coming, still_good
from troth.runtime.load import Loaded, insist, load
from troth.runtime.mailing import Mailing
from troth.runtime.placing import insist_places
from troth.runtime.queue import Queue
from troth.runtime.settings import Settings
from troth.runtime.storing import lying
from troth.runtime.waiting import Waiting
from troth.services import delicate, meanings
from troth.services.identities import providers

Clock = Callable[[], datetime]
Post = Callable[[Delivery], None]


def now() -> datetime:
    """Return the present moment; the clock when none is passed in."""
    return datetime.now(UTC)


def open(
    path: str | Path | Loaded,
    *,
    store: str = "",
    clock: Clock = now,
    root_key: bytes | None = None,
    settings: Settings | None = None,
    make: Callable[[Sequence[Company]], Any] | None = None,
    carrier: Carrier | None = None,
) -> Company:
    """Open a company's folder on a store; raise ``DocumentBroken`` with all that keeps it from being served.

    ``path``: the folder, or what ``load`` made of it, so that one reading can serve on several stores.
    ``store``: a file, ``sqlite:///FILE``, a folder in which the company gets a file of its own name, or
    ``postgresql://SERVER/NAME``, a database that several companies may share.
    ``carrier`` takes messages out; left out, the mail server of the settings does, if there is one.
    """
    told = settings or Settings()
    loaded = insist(path if isinstance(path, Loaded) else load(path))
    contact = contact_of(loaded.policy, loaded.folder.site)
    insist_places(loaded.policy, told, contact.data if contact else "")
    place = lying(store, loaded.folder.name, told)
    key = root_key or place.root_key(told)
    opened = place.open(key, clock)
    try:
        outbox = Outbox(carrier=carrier or _smtp(told))
        return _company(loaded, opened, clock, outbox, make, told)
    except BaseException:
        opened.close()
        raise


def contact_of(policy: Policy, site: Any) -> Contact | None:
    """Return where people are written to: ``[mail]`` in ``site.toml``, else the first e-mail field that a
    contract uses; None when the document knows no e-mail address."""
    mail = site.get("mail", {})
    for data in policy.of(Data):
        for field in data.fields:
            if (
                field.type == "email"
                and mail.get("field", f"{data.name}.{field.name}") == f"{data.name}.{field.name}"
            ):
                purpose = mail.get("purpose") or _contract(policy, data.name)
                if purpose:
                    return Contact(data.name, field.name, str(purpose), str(mail.get("sender", "")))
    return None


def _contract(policy: Policy, data: str) -> str:
    return next(
        (
            p.name
            for p in policy.of(Purpose)
            for b in p.bases
            if any(g.kind == "contract" for g in b.grounds) and any(u.data == data for u in b.uses)
        ),
        "",
    )


def _company(
    loaded: Loaded,
    store: stores.Store,
    clock: Clock,
    outbox: Outbox,
    make: Callable[[Sequence[Company]], Any] | None,
    told: Settings,
) -> Company:
    folder, policy, key = loaded.folder, loaded.policy, store.lasting
    mailbox = Mailbox()
    post = _post(mailbox, folder.parties, key, clock)
    gate = Gate(
        policy=policy,
        kernel=loaded.kernel,
        store=store,
        clock=clock,
        parties=folder.parties,
        post=post,
        meanings=meanings(loaded.flows.values()),
        delicate=lambda text: bool(delicate(text)),
        fetch=_fetch(folder.parties, key, clock),
        charge=_charge(folder.parties, key, clock),
        speak=speaker(folder.site, told.model_keys),
        subjects=delicate,
        published=public(folder.agents, folder.text),
        same=still_good(loaded.editions, loaded.edition),
        staff={key.name: key.about for key in folder.staff if key.kind == "staff"},
    )
    gate.adopt()
    return Company(
        name=folder.name,
        title=str(folder.site.get("title", "") or policy.title or folder.document.title),
        policy=policy,
        document=folder.document,
        kernel=loaded.kernel,
        gate=gate,
        flows=loaded.flows,
        problems=loaded.unserved,
        advice=tuple(p for p in loaded.problems if p.level != "error"),
        site=folder.site,
        parties=folder.parties,
        rewards=folder.rewards,
        staff=folder.staff,
        networks=folder.networks,
        identities=providers(folder.site, folder.parties, told.identity_keys),
        agents={name: agent for name, (agent, _) in folder.agents.items()},
        downloads=folder.downloads,
        pages={name: shown for name, (shown, _) in folder.pages.items()},
        offers=folder.offers,
        orders=folder.orders,
        messages={name: message for name, (message, _) in folder.messages.items()},
        published=loaded.published,
        notices=loaded.notices,
        clock=clock,
        outbox=outbox,
        editions=loaded.editions,
        coming=coming(loaded.editions, loaded.edition),
        terms=loaded.terms,
        contact=contact_of(policy, folder.site),
        mailbox=mailbox,
        campaigns=Queue(store, Campaign, clock),
        post=Queue(store, Mailing, clock),
        waiting=Waiting(store) if told.stays == "store" else None,
        base_url=told.base_url.rstrip("/"),
        make=make,
        close=store.close,
    )


def _smtp(told: Settings) -> Smtp | None:
    if not told.smtp_host:
        return None
    tls = "" if told.smtp_tls == "plain" else told.smtp_tls
    return Smtp(told.smtp_host, told.smtp_port, tls, told.smtp_user, told.smtp_password)


def _post(box: Mailbox, parties: Parties, key: bytes, clock: Clock) -> Post:
    """Return what takes deliveries out: to the member's ``webhook``, if any, and its mailbox."""

    def post(delivery: Delivery) -> None:
        url = str(parties.get(delivery.party, {}).get(delivery.member, {}).get("webhook", ""))
        if url:
            Webhook(url, webhook_secret(key, delivery.party, delivery.member), clock)(delivery)
        box(delivery)

    return post


def _charge(parties: Parties, key: bytes, clock: Clock) -> Callable[[Charge], Mapping[str, object]]:
    """Return what asks the member that takes payments, at its ``payments`` address."""

    def charge(asked: Charge) -> Mapping[str, object]:
        url = str(parties.get(asked.party, {}).get(asked.member, {}).get("payments", ""))
        secret = webhook_secret(key, asked.party, asked.member)
        return Acquirer(url, secret, clock)(asked) if url else nobody_charges(asked)

    return charge


def _fetch(parties: Parties, key: bytes, clock: Clock) -> Callable[[Inquiry], Mapping[str, object]]:
    """Return what asks a member's ``connector``."""

    def fetch(asked: Inquiry) -> Mapping[str, object]:
        url = str(parties.get(asked.party, {}).get(asked.member, {}).get("connector", ""))
        if not url:
            return no_connector(asked)
        return Connector(url, webhook_secret(key, asked.party, asked.member), clock)(asked)

    return fetch


def webhook_secret(key: bytes, party: str, member: str) -> bytes:
    """Return the secret with which this member's deliveries are signed; it is handed to the partner once."""
    return hmac.digest(key, f"webhook\0{party}\0{member}".encode(), "sha256")
