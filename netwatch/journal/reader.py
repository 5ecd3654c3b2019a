"""Reads the journal: events for people, and the last states for the next run of the daemon."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netwatch.core.state import State
from netwatch.flows.transition import FlowState, RestoredFlow, RestoredFlows
from netwatch.inventory.former_ids import FormerIds
from netwatch.journal.file import open_for_reading
from netwatch.state.attachment import Key
from netwatch.state.restored import RestoredState, RestoredStates
from netwatch.state.root import Root

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JournalEvent:
    """A state of a target or site from its begin to its end.

    Attributes:
        site: id of the site.
        target: id of the target; empty for the site as a whole.
        state: any but ``up``.
        began: unix time.
        ended: unix time; None while it goes on.
        root: text of the root cause; may be empty.
        cause: see ``StateChange``.
        evidence: what was found out when it began, as JSON values.
    """

    site: str
    target: str
    state: State
    began: float
    ended: float | None
    root: str
    cause: str
    evidence: dict[str, Any]


def read_events(path: Path, site: str | None, since: float, limit: int) -> list[JournalEvent]:
    """The last events that ended after ``since`` or go on, the oldest first.

    Args:
        path: of the journal.
        site: id of the site whose events are wanted; None for all.
        since: unix time.
        limit: how many events are returned at most.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    rows = _rows(
        path,
        "SELECT site, target, state, began, ended, root, cause, evidence FROM event"
        " WHERE coalesce(ended, 1e99) > ? AND site = coalesce(?, site)"
        " ORDER BY began DESC, id DESC LIMIT ?",
        (since, site, limit),
    )
    return [
        JournalEvent(site, target, State(state), began, ended, root, cause, json.loads(evidence))
        for site, target, state, began, ended, root, cause, evidence in rows[::-1]
    ]


def recorded_since(path: Path) -> float | None:
    """Unix time at which the first of the events that are kept began; None when there are none.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    ((began,),) = _rows(path, "SELECT min(began) FROM event", ())
    return None if began is None else float(began)


@dataclass(frozen=True, slots=True)
class FlowEvent:
    """A state of a flow, other than as expected, from its begin to its end.

    Attributes:
        flow: its id.
        began: unix time.
        ended: unix time; None while it goes on.
        evidence: what the state rests on, in the fixed words of metric labels.
    """

    flow: str
    state: FlowState
    began: float
    ended: float | None
    evidence: dict[str, Any]


def read_flow_events(path: Path, flow: str | None, since: float, limit: int) -> list[FlowEvent]:
    """The same as ``read_events`` for one flow, or with None for all.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    rows = _rows(
        path,
        "SELECT flow, state, began, ended, evidence FROM flow_event"
        " WHERE coalesce(ended, 1e99) > ? AND flow = coalesce(?, flow)"
        " ORDER BY began DESC, id DESC LIMIT ?",
        (since, flow, limit),
    )
    return [
        FlowEvent(flow_id, FlowState(state), began, ended, json.loads(evidence))
        for flow_id, state, began, ended, evidence in rows[::-1]
    ]


def known_flows(path: Path) -> set[str]:
    """Ids of all flows of which the journal knows something.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    rows = _rows(path, "SELECT flow FROM flow UNION SELECT flow FROM flow_event", ())
    return {flow for (flow,) in rows}


def _rows(path: Path, query: str, parameters: tuple[object, ...]) -> list[tuple[Any, ...]]:
    with closing(open_for_reading(path)) as connection:
        return connection.execute(query, parameters).fetchall()


_OUTAGES = """SELECT site, target, evidence FROM event
    WHERE ended IS NULL AND state = ? AND target <> '' AND evidence <> '{}'"""


@dataclass(frozen=True, slots=True)
class PreviousRun:
    """What the previous run left in the journal.

    Attributes:
        states: of targets and sites.
        flows: of flows.
        evidence: what was found out about targets that are down.
    """

    states: RestoredStates
    flows: RestoredFlows
    evidence: Mapping[Key, Mapping[str, object]] = field(default_factory=dict)


def find_previous_run(path: Path, former: FormerIds | None = None) -> PreviousRun | None:
    """What the previous run left; None when there is no journal or it can't be read (logged).

    Args:
        path: of the journal.
        former: as of ``open_for_reading``.
    """
    if not os.path.lexists(path):
        return None
    try:
        return read_previous_run(path, former)
    except (sqlite3.Error, OSError) as error:
        logger.warning("journal %s can't be read, states begin anew: %s", path, error)
        return None


def read_previous_run(path: Path, former: FormerIds | None = None) -> PreviousRun:
    """What the previous run left in the journal.

    Raises:
        sqlite3.Error: there is no journal, or it may not be read.
    """
    with closing(open_for_reading(path, former)) as connection:
        (known_until,) = connection.execute("SELECT max(at) FROM alive").fetchone()
        places = connection.execute("SELECT site, target, state, since, root FROM place").fetchall()
        flows = connection.execute("SELECT flow, state, since FROM flow").fetchall()
        outages = connection.execute(_OUTAGES, (State.DOWN,)).fetchall()
    states = RestoredStates(float(known_until), dict(_places(places)))
    restored = RestoredFlows(float(known_until), dict(_flows(flows)))
    return PreviousRun(states, restored, dict(_evidence(outages)))


def _evidence(rows: list[tuple[Any, ...]]) -> Iterator[tuple[Key, Mapping[str, object]]]:
    for site, target, text in rows:
        try:
            evidence = json.loads(text)
        except (TypeError, ValueError) as error:
            raise sqlite3.DatabaseError(f"{site}/{target} is not readable: {error}") from None
        if isinstance(evidence, dict):
            yield (site, target), evidence


def _places(rows: list[tuple[Any, ...]]) -> Iterator[tuple[Key, RestoredState]]:
    for site, target, state, since, root in rows:
        try:
            if root:
                Root.parse(root)
            yield (site, target), RestoredState(State(state), float(since), root)
        except (TypeError, ValueError, AttributeError) as error:
            raise sqlite3.DatabaseError(f"{site}/{target} is not readable: {error}") from None


def _flows(rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, RestoredFlow]]:
    for flow, state, since in rows:
        try:
            yield flow, RestoredFlow(FlowState(state), float(since))
        except (TypeError, ValueError) as error:
            raise sqlite3.DatabaseError(f"flow {flow} is not readable: {error}") from None
