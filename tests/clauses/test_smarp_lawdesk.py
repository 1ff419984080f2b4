"""When the law asks: nothing leaves outside a recorded case, and the people it is about hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment import Asker, Deployment
from httpx2 import Response
from rooms import SMARP, Member, granted, member, networked, opened

JOBS = (
    Asker("law-job", "job", purposes=("law", "rights", "crime", "safety")),
    Asker("log-job", "job", purposes=("upkeep",)),
)
ORDER = {
    "reference": "R-12",
    "statute": "Code of Procedure 4:3",
    "scope": "sign-ins",
    "necessity": "the only trace",
}
CLAIM = {"claim": "copyright in post 7", "assessment": "weighed on 2025-03-03: the claim outweighs"}
OFFENCE = {"provision": "Criminal Code 36:1, fraud", "assessment": "weighed on 2025-03-03"}


class Desk:
    """Acme with Anna, its Admin, and Aki, whose sign-ins of two months are in the log."""

    def __init__(self, served: Deployment) -> None:
        self.served, net = served, networked(served)
        self.anna = opened(served, net, "anna@acme.example", "Acme", "Anna Aalto")
        self.aki = member(served, "aki@acme.example", "Aki")
        for at in ("2025-01-31T09:00:00Z", "2025-02-07T09:00:00Z", "2025-02-21T09:00:00Z"):
            line = {"ip": "203.0.113.24", "action": "sign-in", "at": at}
            body = {"data": "log", "purpose": "upkeep", "source": "device", "fields": line}
            served.post("log-job", f"/people/{self.aki.tag}/records", body)

    def asks(
        self,
        who: str,
        fact: str,
        names: dict[str, str],
        of: Member,
        *data: str,
        party: str = "authority",
        **more: Any,
    ) -> Response:
        return granted(self.served, who, fact, names, data=list(data), people=[of.tag], party=party, **more)

    def sends(self, of: Member, purpose: str, grant: str, *data: str, party: str = "authority") -> Response:
        body = {"data": list(data), "party": party, "purpose": purpose, "grant": grant}
        return self.served.post("law-job", f"/people/{of.tag}/shares", body)

    def step(self, who: str, number: str, step: str, **said: Any) -> Response:
        return self.served.post(who, f"/grants/{number}/steps", {"step": step, **said})

    def told(self, who: Member) -> list[str]:
        return [m.subject for m in self.served.mails(who.mail) if "disclosed" in m.subject]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    now = datetime(2025, 3, 3, 9, tzinfo=UTC)
    served = Deployment(tmp_path_factory.mktemp("law"), "smarp", (*SMARP, *JOBS), now=now)
    yield Desk(served)
    served.close()


def status(*answers: Response) -> list[int]:
    return [answer.status_code for answer in answers]


@pytest.mark.clause("smarp-7.1", "smarp-7.2")
def test_a_court_order_is_a_case_and_lets_out_what_it_covers_and_nothing_without_it(desk: Desk) -> None:
    bare = desk.sends(desk.aki, "law", "", "log.at")
    nameless = desk.asks("dana-dpo", "legal-process", {**ORDER, "reference": " "}, desk.aki, "log.at")
    wrong_hand = desk.asks("saara-support", "legal-process", ORDER, desk.aki, "log.at")
    foreign = desk.asks("dana-dpo", "legal-process", {**ORDER, "country": "US"}, desk.aki, "log.at")
    month = {"since": "2025-02-01T00:00:00+02:00", "until": "2025-03-01T00:00:00+02:00"}
    case = desk.asks("dana-dpo", "legal-process", ORDER, desk.aki, "log.at", **month).json()
    before = desk.served.get("dana-dpo", f"/grants/{case['number']}").json()["looks"]
    beyond = [
        desk.sends(desk.aki, "law", case["number"], "log.ip"),
        desk.sends(desk.aki, "law", case["number"], "log.at", "member"),
        desk.sends(desk.anna, "law", case["number"], "log.at"),
    ]
    sent = desk.sends(desk.aki, "law", case["number"], "log.at")
    after = desk.served.get("dana-dpo", f"/grants/{case['number']}").json()["looks"]
    got = desk.served.company.mailbox.of("authority", "")[-1].body

    assert status(bare, nameless, wrong_hand, foreign) == [403, 422, 403, 403]
    assert "fact legal-process" in bare.json()["missing"]
    assert "Art. 48" in " ".join(foreign.json()["missing"])
    assert before == []
    assert status(*beyond) == [403, 403, 403]
    assert sent.status_code == 200
    assert [row["at"][:10] for row in got["log.at"]] == ["2025-02-07", "2025-02-21"]
    assert "203.0.113.24" not in str(got)
    assert [(x["by"], x["data"], x["records"]) for x in after] == [("law-job", ["log.at"], 2)]


@pytest.mark.clause("smarp-7.3")
def test_a_private_claim_needs_a_weighing_and_two_people_one_of_them_the_dpo(desk: Desk) -> None:
    unweighed = desk.asks(
        "dana-dpo", "rights-claim", {"claim": "post 7"}, desk.anna, "member.email", party="claimant"
    )
    case = desk.asks("dana-dpo", "rights-claim", CLAIM, desk.anna, "member.email", party="claimant").json()
    early = desk.sends(desk.anna, "rights", case["number"], "member.email", party="claimant")
    twice = desk.step("dana-dpo", case["number"], "approve")
    agreed = desk.step("saara-support", case["number"], "approve")
    sent = desk.sends(desk.anna, "rights", case["number"], "member.email", party="claimant")

    assert status(unweighed, early, twice) == [422, 403, 403]
    assert status(agreed, sent) == [200, 200]


@pytest.mark.clause("smarp-7.4")
def test_danger_has_one_approver_and_a_review_that_is_overdue_after_72_hours(desk: Desk) -> None:
    desk.served.at("2025-03-07T08:00+00:00")
    private = desk.asks(
        "saara-support", "danger", {"danger": "a threat"}, desk.anna, "member.email", party="claimant"
    )
    case = desk.asks("saara-support", "danger", {"danger": "a threat"}, desk.anna, "member.email").json()
    other = desk.asks(
        "saara-support", "danger", {"danger": "a second threat"}, desk.anna, "member.email"
    ).json()
    sent = desk.sends(desk.anna, "safety", case["number"], "member.email")
    herself = desk.step("saara-support", other["number"], "review", reason="fine")
    desk.step("dana-dpo", other["number"], "review", reason="the threat was real")
    desk.served.at("2025-03-10T08:01+00:00")
    late, seen = (
        desk.served.get("dana-dpo", f"/grants/{g['number']}").json()["state"] for g in (case, other)
    )
    refused = desk.sends(desk.anna, "safety", case["number"], "member.email")

    assert private.status_code == 422
    assert (sent.status_code, herself.status_code) == (200, 403)
    assert case["review"] == "2025-03-10T08:00:00Z"
    assert (late, seen) == ("overdue", "ended")
    assert refused.status_code == 403


@pytest.mark.clause("smarp-7.5")
def test_an_offence_is_named_with_its_provision_and_unethical_is_no_ground_and_no_list_leaves(
    desk: Desk,
) -> None:
    unethical = desk.asks("dana-dpo", "unethical", {"why": "we think so"}, desk.anna, "member.email")
    unnamed = desk.asks("dana-dpo", "named-offence", {"assessment": "weighed"}, desk.anna, "member.email")
    bulk = granted(
        desk.served,
        "dana-dpo",
        "named-offence",
        OFFENCE,
        data=["member.email"],
        group_of=desk.anna.tag,
        party="authority",
    )
    case = desk.asks("dana-dpo", "named-offence", OFFENCE, desk.anna, "member.email").json()
    early = desk.sends(desk.anna, "crime", case["number"], "member.email")
    desk.step("saara-support", case["number"], "approve")
    sent = desk.sends(desk.anna, "crime", case["number"], "member.email")
    declined = desk.asks("dana-dpo", "named-offence", OFFENCE, desk.aki, "member.email").json()
    why = [desk.step("saara-support", declined["number"], "decline", reason=r) for r in (" ", "no evidence")]

    assert status(unethical, unnamed, bulk, early) == [422, 422, 422, 403]
    assert sent.status_code == 200
    assert status(*why) == [422, 200]
    assert desk.sends(desk.aki, "crime", declined["number"], "member.email").status_code == 403


@pytest.mark.clause("smarp-7.6")
def test_person_and_admin_hear_of_a_release_the_same_day_or_once_the_law_lets_them(desk: Desk) -> None:
    desk.served.sweep()
    desk.served.at("2025-03-12T09:00+00:00")
    reasonless = desk.asks("dana-dpo", "legal-process", {**ORDER, "necessity": ""}, desk.aki, "log.at")
    open_ = desk.asks("dana-dpo", "legal-process", ORDER, desk.aki, "log.at").json()
    desk.sends(desk.aki, "law", open_["number"], "log.at")
    desk.served.sweep()
    same_day = desk.told(desk.aki), desk.told(desk.anna)
    desk.served.at("2025-03-14T09:00+00:00").sweep()
    gagged = desk.asks("dana-dpo", "legal-process", ORDER, desk.aki, "log.at").json()
    ban = {
        "fact": "gag",
        "names": {"reference": "R-12", "day": "2025-09-01"},
        "until": "2025-09-01T00:00:00+03:00",
    }
    endless = desk.step("dana-dpo", gagged["number"], "silence", fact="gag", names=ban["names"])
    desk.step("dana-dpo", gagged["number"], "silence", **ban)
    desk.sends(desk.aki, "law", gagged["number"], "log.at")
    desk.served.sweep()
    silent = desk.told(desk.aki), desk.told(desk.anna)
    listed = [
        d
        for d in desk.served.get(desk.aki.token, "/people/me").json()["disclosures"]
        if d["party"] == "authority"
    ]
    desk.served.at("2025-09-01T00:30+03:00").sweep()

    assert reasonless.status_code == 422
    assert same_day == (["Data about you were disclosed"], ["Data of somebody in your room were disclosed"])
    assert endless.status_code == 422
    assert silent == ([], [])
    assert len(listed) == 2
    assert desk.told(desk.aki) == ["Data about you were disclosed"]
    assert desk.told(desk.anna) == ["Data of somebody in your room were disclosed"]
