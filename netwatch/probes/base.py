"""What every probe is: a thing that is told to begin a measurement, and reports later.

A probe lives in one file (or one folder) of this package and shows itself by a module attribute
``PROBE``. Nothing else has to be changed when a probe is added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, runtime_checkable

from typing_extensions import TypeVar

from netwatch.core.check import Check
from netwatch.core.echo import EchoSink, Seconds
from netwatch.core.facts import Fact
from netwatch.core.params import ProbeParams
from netwatch.core.result import Sink
from netwatch.core.streams import Rows, Streams

P = TypeVar("P", bound=ProbeParams, default=Any)
P_contra = TypeVar("P_contra", bound=ProbeParams, contravariant=True, default=Any)
"""The parameters of a probe's checks; ``Any`` where probes of all kinds stand side by side."""


class Probe(Protocol[P_contra]):
    """A running probe: it owns sockets, and reports every launched slot exactly once."""

    async def open(self) -> None:
        """Open what is needed.

        Raises:
            StartError: this machine doesn't allow it; the message says what to do.
        """

    def launch(self, check: Check[P_contra], due: float) -> None:
        """Begin the slot ``due`` (monotonic seconds) of ``check``; return at once.

        One ``Result`` reaches the sink at the latest ``check.timeout`` plus a moment later.
        Must be called in the event loop; never raises for what the network does.
        """

    async def close(self) -> None:
        """Stop, free everything; open slots are dropped without a result."""


@runtime_checkable
class StreamProbe(Probe[P_contra], Protocol[P_contra]):
    """A probe that is so cheap that telling it of each check would cost more than its work."""

    def watch(self, streams: Streams, sink: EchoSink) -> None:
        """Know these streams from now on, and report them to ``sink``.

        Echoes under way on rows that changed are dropped without a result.
        """

    def launch_streams(self, rows: Rows, due: Seconds) -> None:
        """Begin the slots ``due`` (monotonic seconds) of streams, none of them named twice.

        Every slot is reported exactly once, as with ``launch``.
        """


@dataclass(frozen=True, slots=True)
class ProbeKind(Generic[P]):
    """How to make a probe, and the schema of its keys in the inventory.

    Attributes:
        name: the value of ``probe:`` in the inventory, the module's name with hyphens.
        params: schema of the keys that this probe adds to a check.
        create: makes the probe, given the sink that its reports go to.
        facts: all that its results may tell; each is a metric on ``/metrics``.
    """

    name: str
    params: type[P]
    create: Callable[[Sink], Probe[P]]
    facts: tuple[Fact, ...] = ()
