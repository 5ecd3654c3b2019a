"""How a kind of probe declares itself.

A probe lives in one file (or one folder) of this package and shows itself by a module attribute
``PROBE``. Nothing else has to be changed when a probe is added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, cast

from typing_extensions import TypeVar

from netwatch.core.facts import Fact
from netwatch.core.params import ProbeParams
from netwatch.core.result import Sink
from netwatch.probes.contract import Probe, StreamProbe
from netwatch.probes.guard import GuardedProbe, GuardedStreamProbe
from netwatch.probes.turns import Turns
from netwatch.process.descriptors import spare_descriptors

__all__ = ["Probe", "ProbeKind", "StreamProbe"]

P = TypeVar("P", bound=ProbeParams, default=Any)
"""The parameters of a kind's checks; ``Any`` where kinds stand side by side."""


@dataclass(frozen=True, slots=True)
class ProbeKind(Generic[P]):
    """How to make a probe, and the schema of its keys in the inventory.

    Attributes:
        name: the value of ``probe:`` in the inventory, the module's name with hyphens.
        params: schema of the keys that this probe adds to a check.
        probe: makes the probe, given the sink that its reports go to: a class, as a rule.
        facts: all that its results may tell; each is a metric on ``/metrics``.
    """

    name: str
    params: type[P]
    probe: Callable[[Sink], Probe[P]]
    facts: tuple[Fact, ...] = ()

    def create(self, sink: Sink, turns: Turns | None = None) -> Probe[P]:
        """Make a probe that gives one result for each slot, whatever goes wrong inside it.

        Args:
            sink: where results go.
            turns: which slots may begin, shared by all probes; none: those that descriptors allow.
        """
        if self.params.traits.echo_stream:
            return GuardedStreamProbe(self.name, cast("StreamProbe", self.probe(sink)))
        turns = turns or Turns(spare_descriptors)
        return GuardedProbe(self.name, self.facts, self.probe, sink, turns)
