"""`troth keys rotate --root` may be cut off at any instant; whoever opens the store next goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

import troth
from troth.cli import main
from troth.store import steps

MAIL = "kari@example.no"


class Ended(BaseException):
    """The process ends here."""


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    main(["init", "club", "--title", "The Club"])
    opened = troth.open("club", store="people.db")
    person = opened.gate.new_person()
    opened.gate.identify(person=person, kind="email", value=MAIL)
    opened.close()
    return tmp_path


def found(folder: Path) -> bool:
    opened = troth.open("club", store=str(folder / "people.db"))
    try:
        return opened.gate.find(kind="email", value=MAIL) is not None
    finally:
        opened.close()


def test_a_new_root_key_takes_the_place_of_the_old(club: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (club / "people.db.root").read_text()

    assert main(["keys", "rotate", "club", "--root", "--store", "people.db"]) == 0
    assert "the root key is another one" in capsys.readouterr().out
    assert (club / "people.db.root").read_text() != before
    assert not (club / "people.db.root.next").exists()
    assert found(club)


@pytest.mark.parametrize("at", ["root.staged", "root.turned", "rotate.begun", "rotate.group", "rotate.ended"])
def test_cut_off_at_any_step_it_is_gone_on_with(club: Path, at: str) -> None:
    def end(step: str) -> None:
        if step == at:
            raise Ended

    steps.listen(end)
    try:
        with pytest.raises(Ended):
            main(["keys", "rotate", "club", "--root", "--store", "people.db"])
    finally:
        steps.listen(None)

    assert found(club)
    assert main(["keys", "rotate", "club", "--root", "--store", "people.db"]) == 0
    assert found(club)
