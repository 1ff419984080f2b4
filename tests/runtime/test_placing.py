"""Placing: a setting that puts data where they may not stay is refused; what nobody said is told."""

from __future__ import annotations

import pytest

from troth.policy import parse
from troth.policy.model import Policy
from troth.runtime.placing import Misplaced, insist_places, whereabouts
from troth.runtime.settings import Settings

TEXT = """# Club

```troth
controller "Club" in NO
area room "Room" apart stay in IE, BE
stay in EEA for contact
data contact "Address" from person
  email email identifies
data post "Posts" from person in room
  text text
data other "The rest" from person
  text text
```
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return parse(TEXT, "policy.md")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Settings(store_place="NO"), "'store_place' is NO, and post stays in IE, BE"),
        (Settings(store_place="US"), "'store_place' is US, and contact stays in EEA, as 3 more do"),
        (Settings(store_place="IE", copies_place="FI"), "'copies_place' is FI, and post stays in IE, BE"),
        (Settings(store_place="IE", mail_place="US"), "'mail_place' is US, and contact stays in EEA"),
    ],
)
def test_another_place_than_the_documents_is_refused_by_its_setting(
    policy: Policy, told: Settings, said: str
) -> None:
    with pytest.raises(Misplaced, match=said):
        insist_places(policy, told, "contact")


def test_what_may_lie_there_or_lies_nobody_knows_where_is_let_be(policy: Policy) -> None:
    insist_places(policy, Settings(), "contact")
    insist_places(policy, Settings(store_place="BE", mail_place="NO"), "contact")
    unsaid = {(one.data, one.kind, one.country) for one in whereabouts(policy, Settings(), "contact")}

    assert ("contact", "mail", "") in unsaid
    assert ("other", "copies", "") in unsaid
