"""Policy: the rules of a document as frozen values, read from its text, checked, sealed and written back.

Import the statements themselves from ``troth.policy.model``.
"""

from troth.policy.check import check, errors
from troth.policy.examples import Example, judge, judge_all, read_examples
from troth.policy.model import Policy, Statement
from troth.policy.parse import parse
from troth.policy.problems import DocumentBroken
from troth.policy.seal import Lock, Moved, Seal, compare, read_lock, seal, write_lock
from troth.policy.seal_consent import unlocked, widens
from troth.policy.seal_meaning import meaning

__all__ = [
    "DocumentBroken",
    "Example",
    "Lock",
    "Moved",
    "Policy",
    "Seal",
    "Statement",
    "check",
    "compare",
    "errors",
    "judge",
    "judge_all",
    "meaning",
    "parse",
    "read_examples",
    "read_lock",
    "seal",
    "unlocked",
    "widens",
    "write_lock",
]
