"""The running probes, one of each kind that some check needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from netwatch import probes
from netwatch.core.check import Check
from netwatch.core.echo import EchoSink
from netwatch.core.result import Report
from netwatch.core.streams import Streams, is_stream
from netwatch.probes.base import Probe, StreamProbe
from netwatch.probes.turns import Turns
from netwatch.process.descriptors import BASE_DESCRIPTORS, allow_descriptors, spare_descriptors


class ProbeSink(EchoSink, Protocol):
    """Where the probes of a fleet report to: single results, and echoes as columns."""

    def report(self, report: Report) -> None:
        """See ``netwatch.core.result.Sink``."""


class Fleet:
    """Opens and closes the probes.

    Attributes:
        probes: those that are open, by kind; the same dictionary all the time.
    """

    def __init__(self) -> None:
        self.probes: dict[str, Probe] = {}
        self._turns = Turns(spare_descriptors)

    async def open(self, checks: Iterable[Check], sink: ProbeSink) -> None:
        """Open what these checks need beyond what is open, and let it report to ``sink``.

        The descriptors that they may need are compared with what is allowed.

        Raises:
            StartError: this machine doesn't allow it.
        """
        checks = list(checks)
        allow_descriptors(descriptors_needed(checks))
        self._turns.keep({check.id for check in checks})
        kinds = probes.kinds()
        for name in {check.kind for check in checks} - self.probes.keys():
            probe = kinds[name].create(sink.report, self._turns)
            await probe.open()
            self.probes[name] = probe

    def watch(self, streams: Streams, sink: EchoSink) -> None:
        """Give the stream probes the rows of all streams, and the sink that they report to."""
        for probe in self.probes.values():
            if isinstance(probe, StreamProbe):
                probe.watch(streams, sink)

    async def close(self) -> None:
        """Close all probes."""
        for probe in self.probes.values():
            await probe.close()


def descriptors_needed(checks: Iterable[Check]) -> int:
    """The most descriptors that the daemon may have open with these checks.

    Echoes share a few sockets; each other check may have one of its own, all at the same time.
    """
    return BASE_DESCRIPTORS + sum(not is_stream(check) for check in checks)
