"""How long lines of the audit are kept: longer than events; the oldest are removed first."""

from __future__ import annotations

import sqlite3

MIN_KEPT = 400 * 86400.0
"""Seconds for which lines are kept, however short the time is for which events are."""

_FIRST_KEPT = "coalesce((SELECT min(number) FROM audit WHERE at >= :oldest), last + 1)"


def remove_old_lines(connection: sqlite3.Connection, oldest: float) -> None:
    """Remove all lines before the first one that is not older than a unix time.

    Where the chain begins from then on is written down, so that it can still be verified. The
    caller commits.
    """
    moment = {"oldest": round(oldest * 1000)}
    connection.execute(
        "UPDATE audit_chain SET (removed, anchor) = (SELECT number, hash FROM audit"  # noqa: S608
        f" WHERE number = {_FIRST_KEPT} - 1)"
        f" WHERE EXISTS (SELECT 1 FROM audit WHERE number = {_FIRST_KEPT} - 1)",
        moment,
    )
    connection.execute("DELETE FROM audit WHERE number <= (SELECT removed FROM audit_chain)")
