"""What commands share that read the journal beside the daemon."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from netwatch.core.errors import ConfigError, Problem
from netwatch.core.units import parse_duration
from netwatch.disk.private import working_in
from netwatch.inventory.explain import nearest
from netwatch.journal.file import NAME, open_for_reading
from netwatch.journal.present_ids import stored_ids
from netwatch.settings import Settings

MAX_SITES = 50_000
"""Sites among which the one is looked for that was meant."""

T = TypeVar("T")


def journal_of(settings: Settings) -> Path:
    """The journal's file.

    Raises:
        ConfigError: the settings name no directory for it.
    """
    if settings.state_dir is None:
        raise ConfigError([Problem("state_dir", "is not set, so there is no journal; set it")])
    return settings.state_dir / NAME


def from_journal(path: Path, work: Callable[[], T], verb: str = "read") -> T:
    """What ``work`` returns, with the rights of the directory's owner; ``verb``: what it does.

    Raises:
        ConfigError: the journal can't be read or written.
    """
    try:
        with working_in(path.parent):
            return work()
    except (sqlite3.Error, OSError) as error:
        message = (
            f"cannot be {verb}: {error}; run netwatch with this state_dir first, or as its user"
        )
        raise ConfigError([Problem(str(path), message)]) from None


def ago(option: str, text: str) -> float:
    """The unix time that is a duration ago.

    Raises:
        ConfigError: it is no duration.
    """
    try:
        return time.time() - parse_duration(text)
    except ValueError as error:
        raise ConfigError([Problem(option, str(error))]) from None


def present_site(path: Path, name: str | None) -> str | None:
    """The present id of a site, which may be named by one that it had, as the daemon knows it."""
    if name is None:
        return None
    with closing(open_for_reading(path)) as connection:
        return stored_ids(connection).site(name)


def present_flow(path: Path, name: str | None) -> str | None:
    """The same of a flow."""
    if name is None:
        return None
    with closing(open_for_reading(path)) as connection:
        return stored_ids(connection).flow(name)


def check_known(option: str, name: str | None, known: Collection[str]) -> None:
    """Nothing, where a name is known.

    Raises:
        ConfigError: nothing is known of it; names the one that may be meant.
    """
    if name is None or name in known:
        return
    meant = nearest(name, known, MAX_SITES)
    remedy = f"did you mean {meant}?" if meant else "see netwatch check"
    raise ConfigError([Problem(option, f"nothing is known of {name[:64]!r}; {remedy}")])
