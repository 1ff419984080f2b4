"""Terms: the small frozen words that all rooms share.

Nothing here decides, stores or draws.  A word that only one room needs lives in that room.
"""

from troth.terms.decision import Allowed, Decision, Duty, Permit, RefusedBy, Request, State, Unsaid
from troth.terms.errors import Problem, Refused, TrothError
from troth.terms.words import Action, Clause, Form, Place

__all__ = [
    "Action",
    "Allowed",
    "Clause",
    "Decision",
    "Duty",
    "Form",
    "Permit",
    "Place",
    "Problem",
    "Refused",
    "RefusedBy",
    "Request",
    "State",
    "TrothError",
    "Unsaid",
]
