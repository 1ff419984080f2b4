"""The rooms keep their order: the import contracts in pyproject.toml hold for every room that stands."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CONFIG: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
ROOMS = {folder.name for folder in (ROOT / "src/troth").iterdir() if (folder / "__init__.py").exists()}
LINT = "import sys, importlinter.cli as cli; sys.exit(cli.lint_imports(sys.argv[1], no_cache=True))"


def test_every_room_has_a_place_in_the_ground_plan() -> None:
    assert placed(CONFIG["contracts"][0]["layers"]) | {"laws"} >= ROOMS


def test_the_import_contracts_hold(tmp_path: Path) -> None:
    contracts = tmp_path / "contracts.ini"
    contracts.write_text(ini(), "utf-8")
    command = [sys.executable, "-c", LINT, str(contracts)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT / "src")}
    )

    assert done.returncode == 0, done.stdout + done.stderr


def ini() -> str:
    """Write the contracts without the rooms that do not stand yet, in import-linter's other form."""
    lines = ["[importlinter]", "root_package = troth", "include_external_packages = True"]
    for number, contract in enumerate(CONFIG["contracts"]):
        lines.append(f"[importlinter:contract:{number}]")
        lines += [f"{key} = {written(key, value)}" for key, value in contract.items()]
    return "\n".join(lines) + "\n"


def written(key: str, value: object) -> str:
    if not isinstance(value, list):
        return str(value)
    kept = [line for line in map(standing, value) if line] if key != "exhaustive_ignores" else value
    return "".join(f"\n  {line}" for line in kept)


def standing(entry: str) -> str:
    """Drop from a layer or a module name what is not built yet; names from outside stay."""
    parts = [part.strip() for part in entry.split("|")]
    known = placed(CONFIG["contracts"][0]["layers"])
    return " | ".join(
        part for part in parts if (room := part.removeprefix("troth.")) not in known or room in ROOMS
    )


def placed(layers: list[str]) -> set[str]:
    return {room.strip() for layer in layers for room in layer.split("|")}
