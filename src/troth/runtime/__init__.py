"""Runtime: reads settings once, opens the rooms, wires them; here a folder becomes an open company."""

from troth.runtime.company import Company, Contact, Key

__all__ = ["Company", "Contact", "Key"]
