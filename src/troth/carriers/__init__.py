"""Carriers: what leaves the house, and letters that come to it.  Every send takes the permit the kernel made.

Only the gate and the runtime come here.
"""

from troth.carriers.authentic import Lookup, Verdict, authentic, text_record
from troth.carriers.incoming import Incoming, NotTaken, listening
from troth.carriers.inquiry import Connector
from troth.carriers.mail import Carrier, Mail, NotSent, Outbox, Smtp
from troth.carriers.model import Model, NotAnswered
from troth.carriers.party import Mailbox, NotDelivered, Webhook
from troth.carriers.payment import Acquirer, NotCharged

__all__ = [
    "Acquirer",
    "Carrier",
    "Connector",
    "Incoming",
    "Lookup",
    "Mail",
    "Mailbox",
    "Model",
    "NotAnswered",
    "NotCharged",
    "NotDelivered",
    "NotSent",
    "NotTaken",
    "Outbox",
    "Smtp",
    "Verdict",
    "Webhook",
    "authentic",
    "listening",
    "text_record",
]
