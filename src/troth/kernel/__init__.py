"""Kernel: a policy compiled to bits, and the one place where a permit is made."""

from troth.kernel.batch import People, batch, gather
from troth.kernel.compare import Changed, Changes, compare, unreachable
from troth.kernel.decide import Kernel, compile
from troth.kernel.explain import Candidate, Explanation, explain
from troth.kernel.prove import Proof, prove, prove_one

__all__ = [
    "Candidate",
    "Changed",
    "Changes",
    "Explanation",
    "Kernel",
    "People",
    "Proof",
    "batch",
    "compare",
    "compile",
    "explain",
    "gather",
    "prove",
    "prove_one",
    "unreachable",
]
