"""Carriers: what leaves the house.  Every send takes the permit the kernel made for it.

Only the gate and the runtime come here.
"""

from troth.carriers.inquiry import Connector
from troth.carriers.mail import Carrier, Mail, NotSent, Outbox, Smtp
from troth.carriers.model import Model, NotAnswered
from troth.carriers.party import Mailbox, NotDelivered, Webhook

__all__ = [
    "Carrier",
    "Connector",
    "Mail",
    "Mailbox",
    "Model",
    "NotAnswered",
    "NotDelivered",
    "NotSent",
    "Outbox",
    "Smtp",
    "Webhook",
]
