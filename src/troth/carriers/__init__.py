"""Carriers: what leaves the house.  Every send takes the permit the kernel made for it.

Only the gate and the runtime come here.
"""

from troth.carriers.mail import Mail, NotSent, Outbox, Smtp

__all__ = ["Mail", "NotSent", "Outbox", "Smtp"]
