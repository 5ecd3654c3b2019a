"""What can be wrong with a journal or a question is told in one line, and no figure is made up."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from netwatch.cli import main
from netwatch.core.errors import ConfigError, StartError
from netwatch.journal.file import NAME, open_journal
from netwatch.report.make import PaperScope, PaperSource, find_scope, read
from netwatch.report.papers.forms import render
from netwatch.settings import Settings
from tests.harness.told import tells
from tests.report.histories import month
from tests.report.province import EXAMPLE, WrittenMonth

KEPT = Path(__file__).parents[1] / "journal" / "kept" / "layout-2.sqlite"
OCTOBER = month(2026, 10, "Asia/Ho_Chi_Minh")


def refusal(settings: Settings, written: WrittenMonth) -> str:
    with pytest.raises(ConfigError) as caught:
        read(settings, written.inventory, OCTOBER)
    (line,) = str(caught.value).splitlines()
    return line


@pytest.fixture
def copied(tmp_path: Path, written: WrittenMonth) -> Settings:
    directory = tmp_path / "copied"
    shutil.copytree(written.state_dir, directory)
    return Settings(state_dir=directory, inventory=EXAMPLE)


def journal_of(settings: Settings) -> Path:
    assert settings.state_dir is not None
    return settings.state_dir / NAME


def change(settings: Settings, statement: str) -> None:
    with closing(sqlite3.connect(journal_of(settings))) as connection, connection:
        connection.execute(statement)
        connection.commit()


def test_an_older_journal_has_no_time_that_is_known_to_be_measured(
    copied: Settings, written: WrittenMonth
) -> None:
    shutil.copy(KEPT, journal_of(copied))
    source = read(copied, written.inventory, OCTOBER)
    paper = source.paper(PaperScope(), "vi")
    assert paper.warnings == ["Không có số liệu của kỳ này"]


def test_an_older_journal_that_is_migrated_has_none_either(
    copied: Settings, written: WrittenMonth
) -> None:
    shutil.copy(KEPT, journal_of(copied))
    open_journal(journal_of(copied)).close()
    source = read(copied, written.inventory, OCTOBER)
    assert source.paper(PaperScope(), "en").warnings == ["There is no data of this period"]


def test_a_journal_of_another_province_is_refused(copied: Settings, written: WrittenMonth) -> None:
    change(copied, "UPDATE province SET name = 'Tỉnh Hưng Yên'")
    assert "is the journal of 'Tỉnh Hưng Yên'" in refusal(copied, written)


@pytest.mark.parametrize("place", [0.3, 0.5, 0.7])
def test_a_journal_that_is_damaged_in_the_middle_is_refused_or_whole(
    place: float, copied: Settings, written: WrittenMonth
) -> None:
    path = journal_of(copied)
    content = bytearray(path.read_bytes())
    begin = int(len(content) * place)
    content[begin : begin + 16_384] = b"\xff" * 16_384
    path.write_bytes(content)
    found = outcome(copied, written)
    # Where the damage is in a part that no paper needs, as an index, nothing is missing.
    assert "cannot be read" in str(found) or found == outcome(replaced(copied, written), written)


def outcome(settings: Settings, written: WrittenMonth) -> object:
    """What is read, or why it can't be."""
    try:
        return read(settings, written.inventory, OCTOBER).history
    except ConfigError as error:
        return str(error)


def replaced(settings: Settings, written: WrittenMonth) -> Settings:
    return settings.model_copy(update={"state_dir": written.state_dir})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET state = 99 WHERE id = 1",
        "UPDATE event SET began = 'yesterday' WHERE id = 1",
        "UPDATE event SET began = 9e999 WHERE id = 1",
        "UPDATE event SET evidence = '[' WHERE id = 1",
        "UPDATE event SET evidence = '7' WHERE id = 1",
        "UPDATE run SET until = 'never'",
        "UPDATE meeting SET rooms = '{'",
    ],
)
def test_a_damaged_record_is_told_in_one_line(
    statement: str, copied: Settings, written: WrittenMonth
) -> None:
    change(copied, statement)
    assert "cannot be read" in refusal(copied, written)


def test_no_journal_and_no_directory_are_told(tmp_path: Path, written: WrittenMonth) -> None:
    nowhere = Settings(state_dir=tmp_path / "none", inventory=EXAMPLE)
    assert "run netwatch with this state_dir first" in refusal(nowhere, written)
    assert refusal(Settings(inventory=EXAMPLE), written).startswith("state_dir: is not set")


def test_texts_of_the_journal_are_bounded_lines(copied: Settings, written: WrittenMonth) -> None:
    change(
        copied, "UPDATE event SET cause = char(0, 10, 27) || '=1+1' || printf('%.*c', 9999, 'x')"
    )
    change(copied, "UPDATE meeting SET title = char(7) || 'Họp' || char(13, 10)")
    source = read(copied, written.inventory, OCTOBER)
    causes = {event.cause for each in source.history.events.values() for event in each}
    assert all(len(cause) <= 300 and cause.isprintable() for cause in causes)
    for form in ("docx", "xlsx", "pdf"):
        assert render(source.paper(PaperScope(), "vi"), form, OCTOBER.zone)


@pytest.mark.parametrize(
    ("area", "carrier", "told"),
    [
        ("nam-sac", None, "--area: 'nam-sac' is not a site; did you mean nam-sach"),
        (None, "VNTP", "--carrier: no line is run by 'VNTP'; did you mean VNPT"),
    ],
)
def test_a_wrong_scope_is_told(
    area: str | None, carrier: str | None, told: str, written: WrittenMonth
) -> None:
    with pytest.raises(ConfigError) as caught:
        find_scope(written.inventory, area, carrier)
    assert told in str(caught.value)


def test_a_carrier_may_be_written_in_small_letters(written: WrittenMonth) -> None:
    assert find_scope(written.inventory, None, "viettel") == PaperScope(carrier="Viettel")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["2026-13", "--to", "a.pdf"], "PERIOD: '2026-13' is not a period"),
        (["2099-01", "--to", "a.pdf"], "PERIOD: 2099-01 has not begun yet"),
        (["2026-10", "--to", "a.odt"], "--to a.odt: has no known ending"),
        (["2026-10", "--to", "none/a.json"], "none/a.json: cannot be written"),
    ],
)
def test_a_wrong_question_is_told(
    words: list[str],
    told: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NETWATCH_STATE_DIR", str(settings.state_dir))
    monkeypatch.setenv("NETWATCH_INVENTORY", str(EXAMPLE))
    assert main(["report", *words]) == 2
    assert tells(capsys.readouterr().err.splitlines()[-1], told)


@pytest.mark.parametrize(
    ("form", "module", "package"),
    [
        ("pdf", "typst", "typst"),
        ("xlsx", "xlsxwriter.utility", "XlsxWriter"),
        ("docx", "docx", "python-docx"),
    ],
)
def test_a_missing_library_is_told_in_one_line(
    form: str,
    module: str,
    package: str,
    reading: PaperSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, f"netwatch.report.papers.{form}", raising=False)
    told = f"{package} is not installed, which .{form} needs"
    with pytest.raises(StartError, match=told) as caught:
        render(reading.paper(PaperScope(), "vi"), form, OCTOBER.zone)
    assert "\n" not in str(caught.value)


def test_the_papers_of_a_month_are_published(
    copied: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert copied.state_dir is not None
    monkeypatch.setenv("NETWATCH_STATE_DIR", str(copied.state_dir))
    monkeypatch.setenv("NETWATCH_INVENTORY", str(EXAMPLE))
    assert main(["report", "2026-10", "--publish"]) == 0
    shelf = copied.state_dir / "reports"
    names = {path.name for path in shelf.iterdir()}
    assert {"2026-10.pdf", "2026-10.xlsx", "2026-10.docx", "2026-10.json"} <= names
    assert "2026-10-vnpt.pdf" in names
    assert {path.stat().st_mode & 0o777 for path in shelf.iterdir()} == {0o600}


def test_a_site_without_any_record_is_unknown(reading: PaperSource) -> None:
    history = replace(reading.history, watched={}, events={})
    paper = replace(reading, history=history).paper(PaperScope(), "vi")
    assert paper.warnings == ["Không có số liệu của kỳ này"]
