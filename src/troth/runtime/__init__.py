"""Runtime: reads settings once, opens the rooms, wires them; here a folder becomes an open company."""

from troth.runtime.company import Company, Contact, Key
from troth.runtime.found import Exists, found
from troth.runtime.load import Loaded, insist, load
from troth.runtime.open import NoStore, now, open, store_file
from troth.runtime.settings import TABLE, Settings, WrongSetting, read_settings, settings_page
from troth.runtime.sweeping import sweeping

__all__ = [
    "TABLE",
    "Company",
    "Contact",
    "Exists",
    "Key",
    "Loaded",
    "NoStore",
    "Settings",
    "WrongSetting",
    "found",
    "insist",
    "load",
    "now",
    "open",
    "read_settings",
    "settings_page",
    "store_file",
    "sweeping",
]
