"""How far a sweep has come, kept in a file so that it can go on where it was stopped."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.reading import read_file
from netwatch.disk.together import replace_together

MAX_OCTETS = 8 << 20
"""Octets of the file: every address of the largest sweep answered."""


@checked(frozen=True)
class KeptSweep:
    """What stands in the file.

    Attributes:
        ranges: as they were given.
        round: 1 while everybody is asked, 2 while the silent ones are asked again.
        asked: addresses of this round that were asked.
        answered: addresses that answered.
    """

    ranges: tuple[str, ...]
    round: Literal[1, 2]
    asked: int
    answered: tuple[str, ...]


_FORMAT = TypeAdapter(KeptSweep)


@dataclass(slots=True)
class SweepProgress:
    """How far a sweep has come.

    Attributes:
        ranges: what is swept.
        round: see ``KeptSweep``.
        asked: likewise.
        answered: likewise; the values say nothing.
        file: where it is kept; None where it isn't.
    """

    ranges: tuple[str, ...]
    round: Literal[1, 2] = 1
    asked: int = 0
    answered: dict[str, None] = field(default_factory=dict)
    file: Path | None = None

    def keep(self) -> None:
        """Write it into its file.

        Raises:
            ConfigError: it can't be written.
        """
        if self.file is None:
            return
        kept = KeptSweep(self.ranges, self.round, self.asked, tuple(self.answered))
        try:
            replace_together({self.file: _FORMAT.dump_json(kept)})
        except OSError as error:
            message = f"không ghi được / cannot be written: {error.strerror}"
            raise ConfigError([Problem(str(self.file), message)]) from None


def resumed(ranges: tuple[str, ...], file: Path | None) -> SweepProgress:
    """The progress that a file has; a new one where there is no file.

    Raises:
        ConfigError: it can't be read, or is of other ranges.
    """
    if file is None or not file.exists():
        return SweepProgress(ranges, file=file)
    try:
        kept = parse_progress(read_file(file, MAX_OCTETS))
    except OSError as error:
        message = f"không đọc được / cannot be read: {error.strerror}"
        raise ConfigError([Problem(str(file), message)]) from None
    if kept is None or kept.ranges != ranges:
        message = "không phải của lần quét này / is not of this sweep; name another file"
        raise ConfigError([Problem(str(file), message)])
    return SweepProgress(ranges, kept.round, kept.asked, dict.fromkeys(kept.answered), file)


def parse_progress(data: bytes) -> KeptSweep | None:
    """What a file says; None when it isn't one of ours."""
    try:
        return _FORMAT.validate_python(json.loads(data))
    except (ValueError, RecursionError, ValidationError):
        return None
