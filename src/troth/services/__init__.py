"""Services: what should happen next, as pure steps over values; no service keeps data.

Flows are readable conversations (``docs/flows.md``), rights are a person's requests with their deadlines,
rewards are credits.  Whatever touches a person goes through the gate.
"""

from troth.services.ages import Band, bands
from troth.services.asked import question
from troth.services.coverage import Coverage, check_flow
from troth.services.facts import Seen, visit_of
from troth.services.flows import (
    Ask,
    Credit,
    Flow,
    Next,
    Option,
    Step,
    advance,
    back,
    kept,
    open_question,
    path,
    start,
)
from troth.services.rewards import Reward, balance, earned
from troth.services.rights import RightsRequest, due_day, months_later, standing
from troth.services.script import read_flow
from troth.services.visits import Visit, channel, counted, link_problem

__all__ = [
    "Ask",
    "Band",
    "Coverage",
    "Credit",
    "Flow",
    "Next",
    "Option",
    "Reward",
    "RightsRequest",
    "Seen",
    "Step",
    "Visit",
    "advance",
    "back",
    "balance",
    "bands",
    "channel",
    "check_flow",
    "counted",
    "due_day",
    "earned",
    "kept",
    "link_problem",
    "months_later",
    "open_question",
    "path",
    "question",
    "read_flow",
    "standing",
    "start",
    "visit_of",
]
