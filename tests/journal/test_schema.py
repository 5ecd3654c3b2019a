"""The layout of the journal: a file of any released layout is migrated, and loses nothing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from netwatch.core.state import State
from netwatch.flows.transition import FlowState
from netwatch.journal import schema
from netwatch.journal.file import APPLICATION, NAME, open_for_reading, open_journal
from netwatch.journal.reader import read_events, read_flow_events, read_previous_run
from netwatch.meetings.records.journal import read_records

KEPT = Path(__file__).parent / "kept"
"""Journals as released versions wrote them."""


@pytest.fixture(params=sorted(KEPT.glob("*.sqlite")), ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copy(request.param, tmp_path / NAME))


def layout(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Every table and index, and its definition without the words that only older files need."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return sorted((name, " ".join(_without_comments(sql).split())) for name, sql in rows)


def _without_comments(sql: str) -> str:
    return "\n".join(line.partition("--")[0] for line in sql.splitlines())


def everything(path: Path) -> tuple[object, ...]:
    return (
        read_events(path, None, 0.0, 1000),
        read_flow_events(path, None, 0.0, 1000),
        read_previous_run(path),
        read_records(path, 0.0),
    )


def test_what_an_older_version_wrote_is_read_before_and_after_it_is_migrated(old: Path) -> None:
    before = everything(old)
    open_journal(old).close()
    assert everything(old) == before
    assert [event.state for event in read_events(old, "nam-sach", 0.0, 9)] == [State.DOWN] * 4
    assert [each.state for each in read_flow_events(old, None, 0.0, 9)] == [FlowState.VIOLATED]
    assert not list(old.parent.glob(f"{NAME}.kept-*")), "it is ours, and is not moved aside"


def test_a_migrated_file_is_like_a_new_one(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new" / NAME
    with closing(open_journal(old)) as one, closing(open_journal(new)) as other:
        assert layout(one) == layout(other)
        assert one.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        assert one.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def failing_at(step: int) -> Iterator[schema.Migration]:
    for number, migration in enumerate(schema.MIGRATIONS):
        yield (*migration, "NO SUCH STATEMENT") if number == step else migration


@pytest.mark.parametrize("step", range(len(schema.MIGRATIONS)))
def test_a_migration_that_fails_halfway_changes_nothing(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / NAME
    with closing(sqlite3.connect(path)) as connection:
        with monkeypatch.context() as broken:
            broken.setattr(schema, "MIGRATIONS", tuple(failing_at(step)))
            with pytest.raises(sqlite3.OperationalError):
                schema.migrate(connection, APPLICATION)
        reached = connection.execute("PRAGMA user_version").fetchone()[0]
        assert reached == (0 if step == 0 else schema.OLDEST + step - 1)
        schema.migrate(connection, APPLICATION)
    open_for_reading(path).close()


def test_a_file_that_another_process_is_just_making_is_not_moved_aside(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with closing(sqlite3.connect(path)) as maker:
        maker.execute("PRAGMA journal_mode = WAL")
        assert path.stat().st_size
        open_journal(path).close()
        schema.migrate(maker, APPLICATION)
    assert not list(tmp_path.glob(f"{NAME}.kept-*"))


def test_a_file_of_a_later_version_is_refused_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with closing(open_journal(path)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    with pytest.raises(sqlite3.DatabaseError, match=f"has layout {schema.VERSION + 1}"):
        open_for_reading(path)
