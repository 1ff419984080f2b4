"""Errors: what a store refuses, in words for the operator; never a personal value in them."""

from __future__ import annotations

from troth.terms import TrothError


class StoreError(TrothError):
    """The store could not do it, and nothing of it was done."""


class StoreFull(StoreError):
    """The disk is full; nothing half done stands."""


class StoreBehind(StoreError):
    """The key store is older than a head it has signed: erased people could come back, so it stays shut."""


class Fenced(StoreError):
    """The person was erased; nothing new may be written about them."""


class NoRecord(StoreError):
    """No such record, or it was erased and can no longer be rewritten."""
