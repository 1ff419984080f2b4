"""Runtime: reads settings once, opens the rooms, wires them.  Here alone a company's folder becomes a company."""

from troth.runtime.company import Company, Contact, Key

__all__ = ["Company", "Contact", "Key"]
