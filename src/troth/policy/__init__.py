"""Policy: the rules of a document as frozen values, read from its text and written back.

Import the statements themselves from ``troth.policy.model``.
"""

from troth.policy.model import Policy, Statement
from troth.policy.parse import parse
from troth.policy.problems import DocumentBroken

__all__ = ["DocumentBroken", "Policy", "Statement", "parse"]
