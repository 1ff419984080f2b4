"""Runtime: reads settings once, opens the rooms, wires them; here a folder becomes an open company."""

from troth.runtime.campaigns import Campaign, Sender, plan, send, send_due, senders, stop
from troth.runtime.company import Company, Contact, Key
from troth.runtime.found import Exists, found
from troth.runtime.incoming import handed, mailboxes, receiving, undo, undoable
from troth.runtime.liking import likes_for
from troth.runtime.load import Loaded, insist, load
from troth.runtime.open import now, open
from troth.runtime.questions import question
from troth.runtime.queue import NoCampaign
from troth.runtime.reminding import tell
from troth.runtime.requests import request
from troth.runtime.rooms import prove_again, rooms_of
from troth.runtime.settings import TABLE, Settings, WrongSetting, mail_door, read_settings, settings_page
from troth.runtime.storing import NoStore, store_file
from troth.runtime.sweeping import sweeping

__all__ = [
    "TABLE",
    "Campaign",
    "Company",
    "Contact",
    "Exists",
    "Key",
    "Loaded",
    "NoCampaign",
    "NoStore",
    "Sender",
    "Settings",
    "WrongSetting",
    "found",
    "handed",
    "insist",
    "likes_for",
    "load",
    "mail_door",
    "mailboxes",
    "now",
    "open",
    "plan",
    "prove_again",
    "question",
    "read_settings",
    "receiving",
    "request",
    "rooms_of",
    "send",
    "send_due",
    "senders",
    "settings_page",
    "stop",
    "store_file",
    "sweeping",
    "tell",
    "undo",
    "undoable",
]
