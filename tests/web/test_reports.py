"""The kept papers over HTTP: what is on the shelf, and nothing else."""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from netwatch.report.shelf import MAX_PERIODS, kept_papers, parse_name, remove_old, slug
from netwatch.web.app import create_app
from netwatch.web.listener import open_listener
from netwatch.web.page_routes import PageSettings
from netwatch.web.server import serve
from tests.harness.status_source import FakeSource
from tests.web.client import fetch

LARGE = b"%PDF" + bytes(300_000)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    directory = tmp_path / "reports"
    directory.mkdir()
    (directory / "2026-10.pdf").write_bytes(LARGE)
    (directory / "2026-10-vnpt.pdf").write_bytes(b"%PDF")
    (directory / "2026-09.xlsx").write_bytes(b"PK")
    (directory / "secret.txt").write_text("s3cret")
    (tmp_path / "journal.sqlite").write_text("s3cret")
    return directory


@pytest.fixture
async def port(shelf: Path) -> AsyncIterator[int]:
    listener = open_listener("127.0.0.1", 0)
    number: int = listener.getsockname()[1]
    async with serve(create_app(FakeSource(), page=PageSettings(reports=shelf)), listener):
        yield number


async def test_the_list_has_what_is_kept_the_latest_first(port: int) -> None:
    response, body = await fetch(port, "/reports/")
    text = body.decode()
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert text.index("2026-10.pdf") < text.index("2026-10-vnpt.pdf") < text.index("2026-09.xlsx")
    assert "secret" not in text


async def test_a_disk_that_hangs_holds_one_thread(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, begun = threading.Event(), []

    def hangs(_: Path) -> list[Path]:
        begun.append(1)
        hold.wait()
        return []

    monkeypatch.setattr("netwatch.web.reports.kept_papers", hangs)
    monkeypatch.setattr("netwatch.disk.worker.DISK_TIMEOUT", 0.1)
    for path in ("/reports/", "/reports/", "/reports/2026-10.pdf"):
        response, body = await fetch(port, path)
        assert (response.status, b"has not answered for" in body) == (503, True)
    hold.set()
    assert len(begun) == 1


async def test_a_paper_comes_whole(port: int) -> None:
    response, body = await fetch(port, "/reports/2026-10.pdf")
    assert (response.status, body) == (200, LARGE)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="2026-10.pdf"'
    head, nothing = await fetch(port, "/reports/2026-10.pdf", "HEAD")
    assert (head.status, head.headers["Content-Length"], nothing) == (200, str(len(LARGE)), b"")


@pytest.mark.parametrize(
    "name",
    [
        *("secret.txt", "..%2fjournal.sqlite", "%2e%2e/journal.sqlite", "2026-10.pdf%00", "x"),
        *("2026-11.pdf", "2026-10.PDF", "2026-10-../x.pdf", "2026-10-%2e%2e.pdf", "link.pdf"),
    ],
)
async def test_nothing_else_is_sent(name: str, port: int) -> None:
    response, body = await fetch(port, f"/reports/{name}")
    assert response.status in {400, 404}
    assert b"s3cret" not in body


@pytest.mark.parametrize("kind", ["link", "pipe", "directory"])
async def test_only_a_regular_file_is_sent(kind: str, port: int, shelf: Path) -> None:
    path = shelf / "2026-08.pdf"
    match kind:
        case "link":
            path.symlink_to(shelf.parent / "journal.sqlite")
        case "pipe":
            os.mkfifo(path)
        case _:
            path.mkdir()
    response, body = await fetch(port, "/reports/2026-08.pdf")
    assert response.status == 503
    assert b"s3cret" not in body


async def test_without_a_shelf_the_list_is_empty(shelf: Path) -> None:
    listener = open_listener("127.0.0.1", 0)
    number: int = listener.getsockname()[1]
    page = PageSettings(reports=shelf / "none")
    async with serve(create_app(FakeSource(), page=page), listener):
        _, body = await fetch(number, "/reports/")
        assert "Chưa có báo cáo" in body.decode()


def test_36_periods_are_kept(tmp_path: Path) -> None:
    names = [f"20{year}-{month:02}.pdf" for year in range(20, 24) for month in range(1, 13)]
    for name in [*names, "2020-01-vnpt.pdf"]:
        (tmp_path / name).touch()
    (tmp_path / "note.txt").touch()
    removed = remove_old(tmp_path)
    assert {paper.name for paper in removed} == {*names[:12], "2020-01-vnpt.pdf"}
    assert len({paper.period for paper in kept_papers(tmp_path)}) == MAX_PERIODS
    assert (tmp_path / "note.txt").exists()


@pytest.mark.parametrize(
    ("name", "file"),
    [("VNPT", "vnpt"), ("Viettel Hải Dương", "viettel-hai-duong"), ("4G", "x4g"), ("…", "x")],
)
def test_a_carrier_has_a_name_for_files(name: str, file: str) -> None:
    assert slug(name) == file
    kept = parse_name(f"2026-10-{file}.pdf")
    assert kept is not None
    assert kept.of == file
