"""Services: what should happen next, as pure steps over values; no service keeps data.

Flows are readable conversations (``docs/flows.md``), rights are a person's requests with their deadlines,
rewards are credits.  Whatever touches a person goes through the gate.
"""

from troth.services.agents import Agent, check_agent, read_agent, recipient_of, replies
from troth.services.ages import Band, bands
from troth.services.asked import question
from troth.services.choosing import Liked, Rule, liked
from troth.services.coverage import Coverage, check_flow
from troth.services.delicate import alerts, check_fields, check_subjects, delicate
from troth.services.dropoff import dropped, steps_counted
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
from troth.services.knowledge import Answer
from troth.services.letters import meant
from troth.services.meanings import check_meanings, makes_counted, meanings, opened_by
from troth.services.messages import Message, Variant, check_message, read_message, variant_for
from troth.services.offers import Chosen, Offer, Offers, check_offers, choose, read_offers
from troth.services.rewards import Reward, earned
from troth.services.rights import RightsRequest, due_day, months_later, standing
from troth.services.script import read_flow
from troth.services.visits import Visit, channel, clicked, counted, link_problem, template_problem

__all__ = [
    "Agent",
    "Answer",
    "Ask",
    "Band",
    "Chosen",
    "Coverage",
    "Credit",
    "Flow",
    "Liked",
    "Message",
    "Next",
    "Offer",
    "Offers",
    "Option",
    "Reward",
    "RightsRequest",
    "Rule",
    "Seen",
    "Step",
    "Variant",
    "Visit",
    "advance",
    "alerts",
    "back",
    "bands",
    "channel",
    "check_agent",
    "check_fields",
    "check_flow",
    "check_meanings",
    "check_message",
    "check_offers",
    "check_subjects",
    "choose",
    "clicked",
    "counted",
    "delicate",
    "dropped",
    "due_day",
    "earned",
    "kept",
    "liked",
    "link_problem",
    "makes_counted",
    "meanings",
    "meant",
    "months_later",
    "open_question",
    "opened_by",
    "path",
    "question",
    "read_agent",
    "read_flow",
    "read_message",
    "read_offers",
    "recipient_of",
    "replies",
    "standing",
    "start",
    "steps_counted",
    "template_problem",
    "variant_for",
    "visit_of",
]
