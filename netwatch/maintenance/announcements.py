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

from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.private import replace_file, working_in
from netwatch.disk.reading import read_file
from netwatch.inventory.terms import Text

NAME = "maintenance.json"

MAX_ANNOUNCEMENTS = 1000
"""Announcements in the file."""

MAX_ENDED = 100
"""Announcements that are over and are kept in the file."""

MAX_OCTETS = 1 << 20
"""Size of the file."""


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


_LIST = TypeAdapter(Annotated[list[Announcement], FailFast()])
"""It stops at the first mistake: to tell half a million of them takes seconds."""


def read_announcements(path: Path) -> list[Announcement]:
    """The announcements in the file, at most ``MAX_ANNOUNCEMENTS``; none when there is no file.

    Raises:
        ConfigError: it can't be read, or is damaged.
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
        ConfigError: the file can't be read or written.
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
    text = json.dumps([each.model_dump() for each in announcements], ensure_ascii=False, indent=1)
    replace_file(path, text.encode())


def _refused(path: Path, message: str) -> ConfigError:
    """The error that a file or directory causes, as one problem."""
    return ConfigError([Problem(str(path), message)])
