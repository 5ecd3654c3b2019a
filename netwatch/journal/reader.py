"""Reads the journal: for people, and for the next run."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netwatch.core.state import State
from netwatch.flows.transition import FlowState, RestoredFlow, RestoredFlows
from netwatch.journal.file import has_table, open_for_reading
from netwatch.state.attachment import Key
from netwatch.state.restored import RestoredState, RestoredStates
from netwatch.state.root import Root

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JournalEvent:
    """A state from its begin to its end; the attributes are those of ``Turn``.

    Attributes:
        ended: unix time; None while it goes on.
        evidence: what was found out when it began.
    """

    site: str
    target: str
    state: State
    began: float
    ended: float | None
    root: str
    cause: str
    evidence: dict[str, Any]


def read_events(path: Path, site: str | None, since: float, most: int) -> list[JournalEvent]:
    """The last events that ended after ``since`` (unix time) or go on, the oldest first.

    Args:
        path: the journal.
        site: only events of this site; None: of all.
        since: unix time.
        most: how many are given at most.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    with closing(open_for_reading(path)) as connection:
        rows = connection.execute(
            "SELECT site, target, state, began, ended, root, cause, evidence FROM event"
            " WHERE coalesce(ended, 1e99) > ? AND site = coalesce(?, site)"
            " ORDER BY began DESC, id DESC LIMIT ?",
            (since, site, most),
        ).fetchall()
    return [
        JournalEvent(site, target, State(state), began, ended, root, cause, json.loads(evidence))
        for site, target, state, began, ended, root, cause, evidence in rows[::-1]
    ]


@dataclass(frozen=True, slots=True)
class FlowEvent:
    """A state of a flow other than as expected; the attributes are those of ``FlowTurn``.

    Attributes:
        ended: unix time; None while it goes on.
    """

    flow: str
    state: FlowState
    began: float
    ended: float | None
    evidence: dict[str, Any]


def read_flow_events(path: Path, flow: str | None, since: float, most: int) -> list[FlowEvent]:
    """The same of flows: of this one, or of all.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    with closing(open_for_reading(path)) as connection:
        rows = connection.execute(
            "SELECT flow, state, began, ended, evidence FROM flow_event"
            " WHERE coalesce(ended, 1e99) > ? AND flow = coalesce(?, flow)"
            " ORDER BY began DESC, id DESC LIMIT ?",
            (since, flow, most),
        ).fetchall()
    return [
        FlowEvent(flow_id, FlowState(state), began, ended, json.loads(evidence))
        for flow_id, state, began, ended, evidence in rows[::-1]
    ]


@dataclass(frozen=True, slots=True)
class Past:
    """What a former run left behind, of targets and sites, and of flows."""

    states: RestoredStates
    flows: RestoredFlows


def recall(path: Path) -> Past | None:
    """What a former run left behind; None when there is nothing, or nothing that can be read."""
    if not path.exists():
        return None
    try:
        return read_past(path)
    except (sqlite3.Error, OSError) as error:
        logger.warning("journal %s can't be read, states begin anew: %s", path, error)
        return None


def read_past(path: Path) -> Past:
    """What a former run left behind.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    with closing(open_for_reading(path)) as connection:
        (known_until,) = connection.execute("SELECT max(at) FROM alive").fetchone()
        places = connection.execute("SELECT * FROM place").fetchall()
        flows = connection.execute("SELECT flow, state, since FROM flow").fetchall()
        counts = dict(
            connection.execute("SELECT flow, count FROM violations")
            if has_table(connection, "violations")
            else ()
        )
    states = RestoredStates(float(known_until), dict(_places(places)))
    return Past(states, RestoredFlows(float(known_until), dict(_flows(flows, counts))))


def _places(rows: list[tuple[Any, ...]]) -> Iterator[tuple[Key, RestoredState]]:
    for site, target, state, since, root, at, seconds in rows:
        try:
            if root:
                Root.parse(root)
            spent = {State(int(key)): float(value) for key, value in json.loads(seconds).items()}
            yield (site, target), RestoredState(State(state), float(since), root, float(at), spent)
        except (TypeError, ValueError, AttributeError) as error:
            raise sqlite3.DatabaseError(f"{site}/{target} is not readable: {error}") from None


def _flows(
    rows: list[tuple[Any, ...]], violations: Mapping[str, Any]
) -> Iterator[tuple[str, RestoredFlow]]:
    for flow, state, since in rows:
        try:
            count = int(violations.get(flow, 0))
            yield flow, RestoredFlow(FlowState(state), float(since), count)
        except (TypeError, ValueError) as error:
            raise sqlite3.DatabaseError(f"flow {flow} is not readable: {error}") from None
