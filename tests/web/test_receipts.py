"""What is written to a person about a request is said in the language that they chose."""

from __future__ import annotations

from pathlib import Path

from askers import SMOC
from deployment import Deployment
from living import kari


def test_receipt_and_answer_come_in_the_language_that_their_person_chose(tmp_path: Path) -> None:
    house = Deployment(tmp_path, "smoc", SMOC)
    try:
        her, per = kari(house), kari(house, "per@example.org")
        her.tells("language", "account", tag="nb")
        for life in (her, per):
            house.post("stine-steward", "/mail", {"address": life.mail, "right": "access"})
        hers, his = house.mails(her.mail)[-1], house.mails(per.mail)[-1]
        number = house.get(her.token, "/requests").json()["requests"][0]["number"]
        path = f"/people/{her.tag}/requests/{number}/answer"
        house.post("stine-steward", path, {"outcome": "refused", "text": "Vi har ingenting mer."})
        answer = house.mails(her.mail)[-1].text
    finally:
        house.close()

    assert hers.subject.startswith("Kravet ditt")
    assert "vi svarer innen 1. april 2025" in hers.text
    assert "klage til Datatilsynet" in hers.text
    assert his.subject.startswith("Your request")
    assert "we answer it by 1 April 2025" in his.text
    assert "avslått" in answer
