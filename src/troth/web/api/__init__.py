"""API: every verb of the gate under ``/{company}/api/v1``, one to one; it decides nothing itself."""

from troth.web.api.mount import routes

__all__ = ["routes"]
