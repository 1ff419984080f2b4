"""Noise: a number told with a random part, so that nobody's presence follows from it (differential privacy).

The document says how far a number may lie from the one counted, 19 times of 20 (``give or take 6``); OpenDP
turns that into a discrete Laplace distribution.  One person changes a count by one, so each edition of a
table costs its ``epsilon``, and the editions of a year cost as many (``at most 4 times a year``).
Its one rule: a number is drawn once, and whoever tells it again reads it from the evidence.
"""

from __future__ import annotations

from troth.policy.model import FormMeaning

ALPHA = 0.05  # how often a number may lie further off than the document says


def blurred(said: FormMeaning | None) -> int:
    """Draw what is added to a count; 0 where the document blurs nothing."""
    if said is None or not said.noise:
        return 0
    import opendp.prelude as dp  # large, and asked for by few documents

    dp.enable_features("contrib")
    space = dp.atom_domain(T=int), dp.absolute_distance(T=int)
    return int(dp.m.make_laplace(*space, scale=_scale(said.noise))(0))


def epsilon(said: FormMeaning | None) -> float:
    """Return what one edition of a table may tell of one person at the most; 0 where nothing is blurred.

    >>> from troth.terms import Form
    >>> round(epsilon(FormMeaning(form=Form.ANONYMOUS, at_least=10, noise=6)), 2)
    0.54
    """
    return 1 / _scale(said.noise) if said is not None and said.noise else 0.0


def _scale(noise: int) -> float:
    import opendp.prelude as dp

    return float(dp.accuracy_to_discrete_laplacian_scale(accuracy=float(noise), alpha=ALPHA))
