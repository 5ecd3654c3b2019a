"""Maintenance announced by hand: a JSON file that ``netwatch maintenance`` writes."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, FailFast, Field, TypeAdapter, ValidationError

from netwatch.disk.private import replace_file, working_in
from netwatch.disk.reading import read_file
from netwatch.inventory.recurrence import RecurrenceRule
from netwatch.inventory.terms import Text
from netwatch.maintenance.refused import MaintenanceError

NAME = "maintenance.json"

MAX_ANNOUNCEMENTS = 1000
"""Announcements in the file."""

MAX_ENDED = 100
"""Announcements that are over and are kept in the file."""

MAX_OCTETS = 1 << 20
"""Size of the file."""


MAX_TIME = 2e11
"""Unix time, in the year 8307: later ones can't be written as a date everywhere."""

PREFIXES = ("branch", "link", "carrier")
"""Kinds that stand before the name of a place, with a colon between."""


def place_of(kind: str, name: str) -> str:
    """``SITE``, ``SITE/TARGET``, ``branch:SITE``, ``link:LINK`` or ``carrier:NAME``."""
    return f"{kind}:{name}" if kind in PREFIXES else name


def parse_place(text: str) -> tuple[str, str]:
    """Kind and name of a place, as ``place_of`` writes it; the place itself may be unknown."""
    kind, colon, name = text.partition(":")
    if colon and kind in PREFIXES:
        return kind, name
    return ("target" if "/" in text else "site"), text


MAX_AUTHOR = 256
"""Characters of an author's name."""


class Announcement(BaseModel):
    """Work at one place.

    Attributes:
        kind: ``site``, ``branch``, ``target``, ``link`` or ``carrier``.
        name: the id of what is touched, of a branch that of the site on top; the carrier's name.
        begins: unix time.
        ends: unix time; of what recurs that of the whole.
        author: who announced it; empty in files of older versions.
        repeat: rule of RFC 5545 by which it recurs; None: it doesn't.
        lasts: seconds that it takes each time; None unless it recurs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text
    kind: str
    name: Text
    begins: float = Field(allow_inf_nan=False, ge=0, le=MAX_TIME)
    ends: float = Field(allow_inf_nan=False, le=MAX_TIME)
    reason: Text
    author: str = Field(default="", max_length=MAX_AUTHOR)
    repeat: RecurrenceRule | None = None
    lasts: float | None = Field(default=None, gt=0, allow_inf_nan=False)

    @property
    def place(self) -> str:
        """What is touched, as people write it."""
        return place_of(self.kind, self.name)

    @property
    def subject(self) -> str:
        """What is touched, as the audit names it."""
        return f"{self.kind}:{self.name}"


_LIST = TypeAdapter(
    Annotated[list[Announcement], FailFast(), Field(max_length=2 * MAX_ANNOUNCEMENTS)]
)
"""It stops at the first mistake: to tell half a million of them takes seconds. What was written by
hand may have more than are taken, but not so many that reading them takes long."""


def read_announcements(path: Path) -> list[Announcement]:
    """The announcements in the file, at most ``MAX_ANNOUNCEMENTS``; none when there is no file.

    Raises:
        MaintenanceError: it can't be read, or is damaged.
    """
    try:
        return parse(read_file(path, MAX_OCTETS, follow=False))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _refused(path, f"is damaged: {first['msg']}; correct or remove it") from None


def parse(content: bytes) -> list[Announcement]:
    """The announcements in a file's content, at most ``MAX_ANNOUNCEMENTS``.

    Raises:
        ValidationError: it is damaged; tells the first mistake.
    """
    return _LIST.validate_json(content)[:MAX_ANNOUNCEMENTS]


@contextmanager
def changing(path: Path) -> Iterator[list[Announcement]]:
    """All announcements, to be changed in the block and then written back.

    Those that are over are among them: by a clock that is wrong for a moment, others would be over
    as well, and lost. Only the last ``MAX_ENDED`` of them are written back.

    Raises:
        MaintenanceError: the file can't be read or written.
    """
    try:
        with working_in(path.parent) as directory:
            fcntl.flock(directory, fcntl.LOCK_EX)
            announcements = read_announcements(path)
            yield announcements
            kept = _kept(announcements)
            if len(kept) > MAX_ANNOUNCEMENTS:
                raise _refused(path, f"has {MAX_ANNOUNCEMENTS} entries already; end some of them")
            _write(path, kept)
    except OSError as error:
        raise _refused(path, f"cannot be changed: {error.strerror}") from None


def _kept(announcements: Sequence[Announcement]) -> list[Announcement]:
    """Without those that have been over for the longest time."""
    now = time.time()
    over = sorted((each for each in announcements if each.ends <= now), key=lambda each: each.ends)
    dropped = {each.id for each in over[:-MAX_ENDED]}
    return [each for each in announcements if each.id not in dropped]


def _write(path: Path, announcements: Sequence[Announcement]) -> None:
    text = json.dumps(
        [each.model_dump(exclude_defaults=True) for each in announcements],
        ensure_ascii=False,
        indent=1,
    )
    replace_file(path, text.encode())


def _refused(path: Path, message: str) -> MaintenanceError:
    """The error that a file or directory causes."""
    return MaintenanceError(str(path), "disk", f"không ghi hoặc đọc được: {message}", message)
