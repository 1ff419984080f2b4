"""Partner: the pages of a business with which a company answers together, or which reads its numbers."""

from troth.web.partner import cases, home, insight, settings, signin

ROUTES = (*signin.ROUTES, *home.ROUTES, *settings.ROUTES, *insight.ROUTES, *cases.ROUTES)

__all__ = ["ROUTES"]
