"""Web: speaks HTTP.  Who is asking, which company, which session; every touch of data goes through the gate.

Pages work without script and set no cookie before the person acts.
"""

from troth.web.app import app

__all__ = ["app"]
