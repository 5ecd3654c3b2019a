"""Files for their owner alone, which no link leads astray, whoever writes them."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from netwatch.core.errors import StartError
from netwatch.disk.private import close_to_others, ensure_file, make_directory, replace_file
from netwatch.disk.reading import read_file
from netwatch.journal.file import NAME as JOURNAL
from netwatch.journal.file import open_for_reading, open_journal
from netwatch.maintenance.announcements import NAME as ANNOUNCEMENTS
from netwatch.meetings.calendars.copies import CalendarCopy
from netwatch.meetings.calendars.kept import load, save

EXAMPLE = Path("config/inventory").resolve()
NOBODY = pwd.getpwnam("nobody")

as_root = pytest.mark.skipif(
    os.geteuid() != 0 and os.environ.get("CI") != "true", reason="needs root"
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture
def theirs() -> Iterator[Path]:
    """The state directory of a service that was taken over, where the service may come.

    Not below ``tmp_path``: all directories of pytest's are closed to others, also what is above it.
    """
    with TemporaryDirectory(prefix="netwatch-") as home:
        Path(home).chmod(0o755)
        directory = Path(home) / "state"
        directory.mkdir(mode=0o700)
        os.chown(directory, NOBODY.pw_uid, NOBODY.pw_gid)
        yield directory


@pytest.fixture
def roots(tmp_path: Path) -> Path:
    """A file of root's that must stay as it is."""
    file = tmp_path / "shadow"
    file.write_text("root's", encoding="utf-8")
    file.chmod(0o600)
    return file


def announce(state: Path) -> subprocess.CompletedProcess[str]:
    words = ["maintenance", "add", "thanh-ha", "--for", "2h", "--reason", "x"]
    return subprocess.run(
        [sys.executable, "-m", "netwatch", *words],
        env={"NETWATCH_STATE_DIR": str(state), "NETWATCH_INVENTORY": str(EXAMPLE)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_made_is_for_its_owner_alone_under_any_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        directory = tmp_path / "state"
        make_directory(directory)
        replace_file(directory / "file", b"text")
        save(directory / "calendars" / "one.json", CalendarCopy(url="u", content=b"t", fetched=1.0))
        connection = open_journal(directory / JOURNAL)
        connection.execute("UPDATE alive SET at = 1")
        connection.commit()
        modes = {path.name: mode(path) for path in directory.rglob("*") if path.is_file()}
        connection.close()
    finally:
        os.umask(before)
    assert mode(directory) == mode(directory / "calendars") == 0o700
    assert set(modes) == {"file", "one.json", JOURNAL, f"{JOURNAL}-wal", f"{JOURNAL}-shm"}
    assert set(modes.values()) == {0o600}


def test_a_journal_of_a_former_version_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / JOURNAL
    open_journal(path).close()
    path.chmod(0o644)
    open_journal(path).close()
    assert mode(path) == 0o600


@pytest.mark.parametrize("name", ["file", "file.new"])
def test_a_link_is_replaced_and_not_followed(tmp_path: Path, roots: Path, name: str) -> None:
    (tmp_path / name).symlink_to(roots)
    replace_file(tmp_path / "file", b"text")
    assert roots.read_text(encoding="utf-8") == "root's"
    assert (tmp_path / "file").read_bytes() == b"text"
    assert not (tmp_path / "file").is_symlink()


def test_a_directory_that_is_a_link_is_refused(tmp_path: Path, roots: Path) -> None:
    (tmp_path / "state").symlink_to(tmp_path)
    for work in (
        lambda: replace_file(tmp_path / "state" / roots.name, b"text"),
        lambda: ensure_file(tmp_path / "state" / "new"),
        lambda: read_file(tmp_path / "state" / roots.name, 99, follow=False),
    ):
        with pytest.raises(OSError, match="is a symbolic link"):
            work()
    assert roots.read_text(encoding="utf-8") == "root's"


def test_a_directory_of_calendars_that_is_a_link_is_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere, state = tmp_path / "elsewhere", tmp_path / "state"
    elsewhere.mkdir()
    state.mkdir()
    (state / "calendars").symlink_to(elsewhere)
    copy = CalendarCopy(url="u", content=b"t", fetched=1.0)
    save(state / "calendars" / "one.json", copy)
    assert list(elsewhere.iterdir()) == []
    assert "is a symbolic link" in caplog.text
    (elsewhere / "one.json").write_text(copy.model_dump_json(), encoding="utf-8")
    assert load(state / "calendars" / "one.json", CalendarCopy) is None


def test_a_journal_that_is_a_link_or_a_pipe_is_put_aside(tmp_path: Path, roots: Path) -> None:
    path = tmp_path / JOURNAL
    path.symlink_to(roots)
    open_journal(path).close()
    assert roots.read_text(encoding="utf-8") == "root's"
    assert not path.is_symlink()
    open_for_reading(path).close()
    path.unlink()
    os.mkfifo(path)
    open_journal(path).close()
    open_for_reading(path).close()
    assert len([each for each in tmp_path.iterdir() if ".kept-" in each.name]) >= 1


@pytest.mark.slow
@as_root
def test_what_root_announces_belongs_to_the_service(theirs: Path) -> None:
    done = announce(theirs)
    assert done.returncode == 0, done.stderr
    status = (theirs / ANNOUNCEMENTS).stat()
    assert (status.st_uid, status.st_gid) == (NOBODY.pw_uid, NOBODY.pw_gid)
    assert mode(theirs / ANNOUNCEMENTS) == 0o600


@pytest.mark.slow
@as_root
@pytest.mark.parametrize("name", [ANNOUNCEMENTS, ANNOUNCEMENTS + ".new", "daemon.lock"])
def test_links_of_the_service_give_nothing_of_root_s_away(
    theirs: Path, roots: Path, name: str
) -> None:
    (theirs / name).symlink_to(roots)
    announce(theirs)
    status = roots.stat()
    assert (status.st_uid, mode(roots)) == (0, 0o600)
    assert roots.read_text(encoding="utf-8") == "root's"


@as_root
def test_root_works_in_the_directory_of_the_service_as_the_service(
    theirs: Path, roots: Path
) -> None:
    os.link(roots, theirs / "file")  # what a kernel without protected_hardlinks would allow
    with pytest.raises(PermissionError):
        ensure_file(theirs / "file")
    assert mode(roots) == 0o600
    replace_file(theirs / "file", b"text")
    assert roots.read_text(encoding="utf-8") == "root's"
    assert (theirs / "file").stat().st_uid == NOBODY.pw_uid
    assert os.geteuid() == 0


def test_a_directory_of_ours_is_closed_to_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = tmp_path / "state"
    directory.mkdir(mode=0o755)
    (directory / "ours").touch()
    close_to_others(directory, "ours")
    assert directory.stat().st_mode & 0o777 == 0o700
    close_to_others(directory, "ours")
    assert [record.message for record in caplog.records] == [
        f"{directory} was open to others (mode 755), and is closed now"
    ]


@pytest.mark.parametrize(("mode", "name"), [(0o1777, ""), (0o770, "ours"), (0o755, "shadow")])
def test_a_directory_that_others_use_is_refused_as_it_is(
    tmp_path: Path, mode: int, name: str
) -> None:
    directory = tmp_path / "state"
    directory.mkdir()
    directory.chmod(mode)
    if name:
        (directory / name).touch()
    with pytest.raises(StartError, match=f"is open to others .mode {mode:o}.; use a directory"):
        close_to_others(directory, "ours")
    assert directory.stat().st_mode & 0o7777 == mode
