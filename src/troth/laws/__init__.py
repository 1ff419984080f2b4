"""Laws: the law packs, each a policy document in the same language, taken in by ``under NAME``.

A pack is text; what it means is ``troth.policy``'s.  The one rule: a pack says what a law says, with its
article, and nothing about any company.
"""

from troth.laws.read import packs

__all__ = ["packs"]
