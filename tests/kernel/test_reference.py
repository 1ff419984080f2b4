"""The fast kernel and the slow reference agree in every state of policies drawn at random."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.worlds import PARTIES, policies, requests, states
from troth.kernel import compile
from troth.kernel.packs import merged
from troth.kernel.reference import evaluate

MOMENTS = [datetime(2025, 12, 31, 12, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC)]
MEMBERS = [None, PARTIES, {f"law:{kind}": members for kind, members in PARTIES.items()}]
STATES = {law: tuple(states(law)) for law in (False, True)}


@pytest.mark.parametrize("law", [False, True], ids=["the document", "its pack"])
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_kernel_and_reference_agree_in_every_state(law: bool, data: st.DataObject) -> None:
    policy, parties = data.draw(policies()), data.draw(st.sampled_from(MEMBERS))
    request, now = data.draw(requests(law)), data.draw(st.sampled_from(MOMENTS))
    kernel, policy = compile(policy, parties), merged(policy)
    every = (
        STATES[law] if kernel.case(request) else STATES[law][::97]
    )  # silence does not depend on the person
    wrong = (
        state
        for state in every
        if bool(kernel.decide(request, state, now))
        is not evaluate(policy, request, state, now.date(), parties)
    )

    assert next(wrong, None) is None
