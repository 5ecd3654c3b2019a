"""The last good copy of each calendar that is fetched, one file each."""

from __future__ import annotations

import logging
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from netwatch.meetings.calendars.ical import MAX_CALENDAR_BYTES

logger = logging.getLogger(__name__)

_MAX_BYTES = 8 * MAX_CALENDAR_BYTES
"""Octets of a file; JSON may write one octet of a calendar as six."""


class CalendarCopy(BaseModel):
    """A calendar as a server gave it.

    Attributes:
        url: where it was fetched.
        text: of the calendar.
        fetched: Unix time at which the server last said that this text is current.
        etag: the server's ETag of this text (RFC 9110, 8.8.3).
        modified: the server's Last-Modified of this text (8.8.2).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    text: str = Field(repr=False)
    fetched: float = Field(allow_inf_nan=False)
    etag: str | None = None
    modified: str | None = None


def load(path: Path, url: str) -> CalendarCopy | None:
    """The copy in a file; None when it is missing, can't be read, or is of another URL."""
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
        copy = CalendarCopy.model_validate_json(content) if len(content) <= _MAX_BYTES else None
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        logger.warning("copy of a calendar is not used file=%s: %s", path, type(error).__name__)
        return None
    return copy if copy is not None and copy.url == url else None


def save(path: Path, copy: CalendarCopy) -> None:
    """Replace the copy in a file; a disk that refuses is logged, since the old copy serves on."""
    new = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        new.touch(mode=0o600)
        new.write_text(copy.model_dump_json(), encoding="utf-8")
        new.replace(path)
    except OSError as error:
        logger.warning("copy of a calendar is not kept file=%s: %s", path, error.strerror)
