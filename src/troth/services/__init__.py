"""Services: what should happen next, as pure steps over values; no service keeps data.

Flows are readable conversations (``docs/flows.md``), rights are a person's requests with their deadlines,
rewards are credits.  Whatever touches a person goes through the gate.
"""

from troth.services.coverage import Coverage, check_flow
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
from troth.services.visits import channel, link_problem

__all__ = [
    "Ask",
    "Coverage",
    "Credit",
    "Flow",
    "Next",
    "Option",
    "Reward",
    "RightsRequest",
    "Step",
    "advance",
    "back",
    "balance",
    "channel",
    "check_flow",
    "due_day",
    "earned",
    "kept",
    "link_problem",
    "months_later",
    "open_question",
    "path",
    "read_flow",
    "standing",
    "start",
]
