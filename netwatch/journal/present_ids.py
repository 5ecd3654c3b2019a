"""What was written down under a former id is read under the present one.

Nothing that is over is rewritten. Whoever opens the journal to read it gets views in the place of
its tables, which say of each row what its place is called now; there is no other way to read it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from netwatch.inventory.former_ids import FormerIds

VIEWS = {
    "event": """SELECT id, present_site(site, target) AS site,
        present_target(site, target) AS target, state, began, ended, present_cause(root) AS root,
        cause, evidence FROM main.event""",
    "place": """SELECT present_site(site, target) AS site,
        present_target(site, target) AS target, state, since, present_cause(root) AS root, at,
        seconds FROM main.place""",
    "flow_event": """SELECT id, present_flow(flow) AS flow, state, began, ended, evidence
        FROM main.flow_event""",
    "flow": "SELECT present_flow(flow) AS flow, state, since FROM main.flow",
    "meeting": """SELECT key, series, title, level, start, end, present_rooms(rooms) AS rooms,
        together, declared, is_over FROM main.meeting""",
    "incident": """SELECT id, kind, present_cause(cause) AS cause, severity, began, named,
        confirmed, ended, present_site(site, '') AS site, carrier, sites, flaps,
        present_details(details) AS details, acknowledged_by, acknowledged_at,
        acknowledged_note, notes FROM main.incident""",
    "incident_site": """SELECT incident, present_site(site, '') AS site, name_vi, name, began,
        ended, seconds, since FROM main.incident_site""",
    "watched": "SELECT run, present_site(site, '') AS site, began, ended FROM main.watched",
    # On the day of a change both ids may have a row, each of which fills the day with "unknown".
    "day": """SELECT day, present_site(site, '') AS site,
        sum(unknown) - sum(unknown + up + degraded + unreachable + down + maintenance)
        + max(unknown + up + degraded + unreachable + down + maintenance) AS unknown,
        sum(up) AS up, sum(degraded) AS degraded, sum(unreachable) AS unreachable,
        sum(down) AS down, sum(maintenance) AS maintenance, sum(outages) AS outages
        FROM main.day GROUP BY 1, 2""",
}
"""Every table with an id of the inventory in it, as it is read."""

_OPEN = (
    """UPDATE OR IGNORE main.place SET site = present_site(site, target),
        target = present_target(site, target), root = present_cause(root)""",
    """UPDATE OR IGNORE main.event SET site = present_site(site, target),
        target = present_target(site, target), root = present_cause(root) WHERE ended IS NULL""",
    "UPDATE OR IGNORE main.flow SET flow = present_flow(flow)",
    "UPDATE OR IGNORE main.flow_event SET flow = present_flow(flow) WHERE ended IS NULL",
    """UPDATE OR IGNORE main.watched SET site = present_site(site, '')
        WHERE ended IS NULL AND run = (SELECT max(id) FROM run)""",
    """UPDATE OR IGNORE main.incident_site SET site = present_site(site, '') WHERE incident IN
        (SELECT id FROM main.incident WHERE ended IS NULL)""",
    """UPDATE OR IGNORE main.incident SET cause = present_cause(cause),
        site = present_site(site, ''), details = present_details(details) WHERE ended IS NULL""",
)
"""What goes on, and so goes on under the present id."""


def stored_ids(connection: sqlite3.Connection) -> FormerIds:
    """What the daemon last wrote down of former ids; none in a file of an older layout."""
    known = "SELECT 1 FROM main.sqlite_master WHERE name = 'renamed'"
    if connection.execute(known).fetchone() is None:
        return FormerIds()
    return FormerIds.of_rows(connection.execute("SELECT kind, former, present FROM main.renamed"))


def show_present_ids(connection: sqlite3.Connection, former: FormerIds) -> None:
    """Have a connection that only reads find everything under its present id."""
    if not former:
        return
    connection.execute("PRAGMA temp_store = MEMORY")  # the disk may be full, or read-only
    _teach(connection, former)
    for name, query in VIEWS.items():
        connection.execute(f"CREATE TEMP VIEW {name} AS {query}")


@dataclass(frozen=True, slots=True)
class IdsChanged:
    """What the inventory that is in force says of former ids."""

    former: FormerIds

    def write(self, connection: sqlite3.Connection) -> None:
        """Write it down, and have what goes on go on under the present ids; the caller commits."""
        connection.execute("DELETE FROM renamed")
        connection.executemany("INSERT INTO renamed VALUES (?, ?, ?)", self.former.rows())
        if self.former:
            _teach(connection, self.former)
            for statement in _OPEN:
                connection.execute(statement)


def _teach(connection: sqlite3.Connection, former: FormerIds) -> None:
    """Give a connection the functions that the views are made of."""

    def rooms(told: dict[str, Any]) -> dict[str, Any]:
        return {former.target(name): tally for name, tally in told.items()}

    def details(told: dict[str, Any]) -> dict[str, Any]:
        match told.get("first"):
            case [str(site), str(target)]:
                return {**told, "first": former.key((site, target))}
        return told

    functions: dict[str, tuple[int, Callable[..., Any]]] = {
        "present_site": (2, lambda site, target: site and former.key((site, target))[0]),
        "present_target": (2, lambda site, target: former.key((site, target))[1]),
        "present_cause": (1, lambda text: text and former.cause(text)),
        "present_flow": (1, former.flow),
        "present_rooms": (1, lambda text: _changed(text, rooms)),
        "present_details": (1, lambda text: _changed(text, details)),
    }
    for name, (arguments, function) in functions.items():
        connection.create_function(name, arguments, function, deterministic=True)


def _changed(text: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    """A record with its ids changed; one that is damaged stays so, for whoever reads it to tell."""
    try:
        told = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text
    return json.dumps(change(told), ensure_ascii=False) if isinstance(told, dict) else text
