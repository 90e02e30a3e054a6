"""The real directory and the small map."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handoff.directory import Directory, load_directory
from tests.handoff.office import Office, open_office
from tests.handoff.small_map import SmallMap

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def consortium_files() -> dict[str, str]:
    folder = ROOT / "handoff" / "consortia"
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))}


@pytest.fixture(scope="session")
def directory(consortium_files: dict[str, str]) -> Directory:
    return load_directory(consortium_files)


@pytest.fixture(scope="session")
def geography() -> SmallMap:
    return SmallMap()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened
