"""The companies, served, for the tests that hold their promises through what a person can reach."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE
from askers import SMOC
from deployment import Deployment
from PIL import Image

HERE = Path(__file__).parent
Deploy = Callable[..., Deployment]


@pytest.hookimpl(tryfirst=True)  # before the marks choose what runs
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the scenarios out of a quick run: each serves a company whole, and together they take minutes."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker("slow")


@pytest.fixture
def deploy(tmp_path: Path) -> Iterator[Deploy]:
    """Serve a company, with the changes to its folder that a test asks for: ``deploy("smoc", edit=…)``."""
    served: list[Deployment] = []

    def make(name: str, **more: Any) -> Deployment:
        home = tmp_path / str(len(served))
        home.mkdir()
        served.append(Deployment(home, name, more.pop("askers", SMOC), **more))
        return served[-1]

    yield make
    for house in served:
        house.close()


@pytest.fixture
def smoc(deploy: Deploy) -> Deployment:
    """The first company, served on 1 March 2025 at 10:00 in Oslo."""
    return deploy("smoc")


@pytest.fixture
def engage(deploy: Deploy) -> Deployment:
    """The second company, served on 10 March 2024 at 10:00 in London."""
    return deploy("engagesmarter", askers=ENGAGE, now=datetime(2024, 3, 10, 10, tzinfo=UTC))


@pytest.fixture
def picture() -> bytes:
    """A photograph as a telephone writes it: turned, with its place and its maker beside the pixels."""
    drawn, made = Image.new("RGB", (120, 80), "#336699"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = 6, "Spyphone", "Anna Aalto"
    exif.get_ifd(0x8825)[2] = (60.0, 10.0, 9.0)
    drawn.save(made, "JPEG", exif=exif, comment=b"taken in Turku")
    return made.getvalue()
