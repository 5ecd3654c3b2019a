"""Maintenance announced by hand: a JSON file that ``netwatch maintenance`` writes."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from netwatch.core.errors import ConfigError, Problem
from netwatch.inventory.model import Inventory
from netwatch.inventory.terms import Text
from netwatch.state.maintenance import Work, scope_of

logger = logging.getLogger(__name__)

NAME = "maintenance.json"

MAX_ANNOUNCEMENTS = 1000
"""Announcements in the file."""

_MAX_BYTES = 1 << 20
"""Size of the file in bytes."""


class Announcement(BaseModel):
    """Work at one place.

    Attributes:
        kind: ``site``, ``target``, ``link`` or ``carrier``.
        name: the id of what is touched; the carrier's name.
        begins: unix time.
        ends: unix time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text
    kind: str
    name: Text
    begins: float = Field(allow_inf_nan=False)
    ends: float = Field(allow_inf_nan=False)
    reason: Text


_LIST = TypeAdapter(list[Announcement])


def read_announcements(path: Path) -> list[Announcement]:
    """The announcements in the file, at most ``MAX_ANNOUNCEMENTS``; none when there is no file.

    Raises:
        ConfigError: it can't be read, or is damaged.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise _refused(path, f"is larger than {_MAX_BYTES} bytes")
        return _LIST.validate_json(content)[:MAX_ANNOUNCEMENTS]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _refused(path, f"is damaged: {first['msg']}; correct or remove it") from None


@contextmanager
def changing(path: Path) -> Iterator[list[Announcement]]:
    """The announcements that are not over, to be changed in the block and then written back.

    Raises:
        ConfigError: the file can't be read or written.
    """
    try:
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _refused(path.parent, f"cannot be used: {error.strerror}") from None
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        now = time.time()
        announcements = [each for each in read_announcements(path) if each.ends > now]
        yield announcements
        if len(announcements) > MAX_ANNOUNCEMENTS:
            raise _refused(path, f"has {MAX_ANNOUNCEMENTS} entries already; end some of them")
        try:
            _write(path, announcements)
        except OSError as error:
            raise _refused(path, f"cannot be written: {error.strerror}") from None
    finally:
        os.close(directory)


def _write(path: Path, announcements: Sequence[Announcement]) -> None:
    """Replace the file in one step, so that a reader never sees half of it.

    When root writes it, the file is given to the owner of the directory, as whom the daemon runs.
    """
    fresh = path.with_name(path.name + ".new")
    text = json.dumps([each.model_dump() for each in announcements], ensure_ascii=False, indent=1)
    fresh.write_text(text, encoding="utf-8")
    owner = path.parent.stat()
    if os.geteuid() == 0:
        os.chown(fresh, owner.st_uid, owner.st_gid)
    fresh.replace(path)


class AnnouncedMaintenance:
    """The announced maintenance of a file, which is read again whenever it has changed.

    While the file can't be read, what it said last stays in force, and the error is logged once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last_stat: tuple[int, int, int] | None = None
        self._announcements: list[Announcement] = []
        self._inventory: Inventory | None = None
        self._works: list[Work] = []

    def under_way(self, inventory: Inventory, now: float) -> list[Work]:
        """The announced work that is under way at a unix time."""
        if self._has_changed() or inventory is not self._inventory:
            self._inventory = inventory
            self._works = [
                Work(each.id, each.reason, each.begins, each.ends, scope)
                for each in self._announcements
                if (scope := scope_of(inventory, each.kind, each.name)) is not None
            ]
        return [work for work in self._works if work.began <= now < work.ends]

    def _has_changed(self) -> bool:
        """Read the file if it was replaced; returns whether its announcements were taken over."""
        try:
            status = self._path.stat()
        except OSError:
            seen = None
        else:
            seen = status.st_ino, status.st_mtime_ns, status.st_size
        if seen == self._last_stat:
            return False
        self._last_stat = seen
        try:
            self._announcements = read_announcements(self._path)
        except ConfigError as error:
            logger.error("maintenance stays as it was: %s", error)
            return False
        return True


def _refused(path: Path, message: str) -> ConfigError:
    """The error that a file or directory causes, as one problem."""
    return ConfigError([Problem(str(path), message)])
