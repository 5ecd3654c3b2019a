"""Evidence gathered once when a target goes down: where the path to it ends."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from netwatch.core.errors import StartError
from netwatch.inventory.model import Link
from netwatch.state.attachment import Key, target_key
from netwatch.state.lines import Lines
from netwatch.trace import Hop, RawSocketsError, trace_now

logger = logging.getLogger(__name__)

MIN_INTERVAL = 2.0
"""Seconds between the beginnings of two traces."""

MAX_WAITING = 12
"""Traces that wait for their turn; what goes down meanwhile gets none."""

MAX_AGE = 4.0
"""Seconds that a trace may wait for its turn; later it tells of another moment than of the fall."""

MAX_SILENT_HOPS = 3
"""Hops in a row that don't answer, two seconds each, until the path counts as ended."""

_OPER_STATUS: dict[float, str] = {
    1: "up",
    2: "down",
    3: "testing",
    4: "unknown",
    5: "dormant",
    6: "notPresent",
    7: "lowerLayerDown",
}
"""Names of the values of ifOperStatus (RFC 2863)."""

Found = Callable[[Key, dict[str, object]], None]
"""Called with a target and its evidence, from the thread of the tracer."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A trace that waits, since the monotonic time ``added``."""

    key: Key
    address: str
    is_wanted: Callable[[], bool]
    refused_by: Callable[[], str]
    added: float


def _trace(address: str) -> list[Hop]:
    return trace_now(address, max_silent=MAX_SILENT_HOPS)


class Tracer:
    """Traces the paths to targets, one at a time, in a thread of its own.

    Args:
        found: called with the evidence of each trace.
        trace: lists the hops to an address.
        interval: least seconds between the beginnings of two traces.
        max_age: seconds that a trace may wait.
    """

    def __init__(
        self,
        found: Found,
        trace: Callable[[str], list[Hop]] = _trace,
        interval: float = MIN_INTERVAL,
        max_age: float = MAX_AGE,
    ) -> None:
        self._found = found
        self._trace = trace
        self._interval = interval
        self._max_age = max_age
        self._jobs: queue.Queue[_Job] = queue.Queue(MAX_WAITING)
        # A daemon: a trace that hangs must not keep the process from ending.
        threading.Thread(target=self._run, name="trace", daemon=True).start()

    def add(
        self,
        key: Key,
        address: str,
        is_wanted: Callable[[], bool],
        refused_by: Callable[[], str] = str,
    ) -> None:
        """Queue a trace to a target; it is left out when ``MAX_WAITING`` wait already.

        Args:
            key: the target.
            address: its address.
            is_wanted: asked before the trace and after it, from the thread of the tracer; false
                when the outage is over, of which the path then tells nothing.
            refused_by: asked after a trace that no hop answered: the router that said to an echo
                that there is no way on; empty when none did. Routers say that to few packets a
                second, and those of the trace may not be among them.
        """
        try:
            self._jobs.put_nowait(_Job(key, address, is_wanted, refused_by, time.monotonic()))
        except queue.Full:
            logger.info("trace left out target=%s/%s: too many at once", *key)

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            began = time.monotonic()
            if began - job.added > self._max_age or not job.is_wanted():
                logger.info("trace left out target=%s/%s: too late", *job.key)
                continue
            try:
                hops = self._trace(job.address)
            except RawSocketsError as error:
                logger.warning("no traces from now on: %s", error)
                return
            except StartError as error:  # such as no route to this one address, for the moment
                logger.info("trace left out target=%s/%s: %s", *job.key, error)
                continue
            if job.is_wanted():
                self._found(job.key, {"trace": summary(hops, job.address, job.refused_by())})
            time.sleep(max(0.0, began + self._interval - time.monotonic()))


def summary(hops: list[Hop], address: str, refused_by: str = "") -> dict[str, object]:
    """Where a path ends: the last hop that answered, and whether that is the target itself.

    Args:
        hops: of the path.
        address: of the target.
        refused_by: the router that said that there is no way on, in case that no hop answered; how
            far away it is, isn't known.
    """
    answered = [hop for hop in hops if hop.address]
    if not answered and refused_by:
        return {"last_hop": refused_by, "reached": False}
    if not answered:
        return {"last_hop": None}
    last = answered[-1]
    return {
        "last_hop": last.address,
        "distance": last.distance,
        "reached": last.address == address,
    }


def near_end(lines: Lines, link_id: str, link: Link, silent: Key) -> dict[str, object] | None:
    """What the device at the other end of a line last reported of its interface.

    Args:
        lines: the last reports of all interfaces.
        link_id: the line.
        link: its two ends.
        silent: the target that went down.

    Returns:
        Target, interface, ifOperStatus, and the unix times of its last change and of the report;
        None when the device reports nothing of that interface.
    """
    end = link.b if target_key(link.a.target) == silent else link.a
    interface = lines.interface(target_key(end.target), link_id)
    if interface is None:
        return None
    return {
        "target": end.target,
        "interface": end.interface,
        "oper_status": _OPER_STATUS.get(interface.oper, "unknown"),
        "changed": interface.changed,
        "read": interface.read,
    }
