"""Table: all operations of the API, one line of sense each; routes and OpenAPI are made from it."""

from __future__ import annotations

from troth.web.api.tables.desk import BREACHES, CAMPAIGNS, CASES, GRANTS, LETTERS, MAILINGS, SUPPORT
from troth.web.api.tables.evidence import FIGURES, INSIGHT, PROOFS, SAMPLES
from troth.web.api.tables.parties import ENTRUSTED, IMPORTS, JOINT, ORGANISATIONS, PARTIES
from troth.web.api.tables.people import ANNOUNCING, CHOICES, PEOPLE, RIGHTS
from troth.web.api.tables.rooms import ROOMS
from troth.web.api.tables.shop import CONTESTS, OFFERS, ORDERS, PURCHASES, REWARDS
from troth.web.api.tables.talking import BOOKINGS, FILES, FLOWS, QUOTATIONS, SIGNING, TALKS

OPERATIONS = (
    *ANNOUNCING,
    *ROOMS,
    *FIGURES,
    *BOOKINGS,
    *QUOTATIONS,
    *FILES,
    *CONTESTS,
    *PURCHASES,
    *TALKS,
    *SAMPLES,
    *CASES,
    *IMPORTS,
    *LETTERS,
    *ORDERS,
    *ORGANISATIONS,
    *BREACHES,
    *GRANTS,
    *JOINT,
    *INSIGHT,
    *OFFERS,
    *SIGNING,
    *FLOWS,
    *PEOPLE,
    *PARTIES,
    *CHOICES,
    *RIGHTS,
    *CAMPAIGNS,
    *MAILINGS,
    *SUPPORT,
    *ENTRUSTED,
    *REWARDS,
    *PROOFS,
)
