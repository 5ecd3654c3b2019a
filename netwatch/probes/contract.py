"""What every probe is: a thing that is told to begin a measurement, and reports later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from typing_extensions import TypeVar

from netwatch.core.check import Check
from netwatch.core.echo import EchoSink, Seconds
from netwatch.core.params import ProbeParams
from netwatch.core.result import Result
from netwatch.core.streams import Rows, Streams

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
class ErrorResult(Result):
    """What a probe reports of a slot in which it failed itself: nothing was measured.

    Attributes:
        error: what it raised; ``netwatch.probes.guard`` logs it, and passes on a plain result.
    """

    error: Exception | None = None
