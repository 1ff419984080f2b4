"""Room: the pages on which the people of one company meet: coming in, the feed, members, the Admin's desk."""

from troth.web.room import coming, desk, feed, members, profile, sharing

ROUTES = (*coming.ROUTES, *feed.ROUTES, *members.ROUTES, *profile.ROUTES, *desk.ROUTES, *sharing.ROUTES)

__all__ = ["ROUTES"]
