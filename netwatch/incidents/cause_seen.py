"""What is at fault at one moment, as the sources of incidents tell it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from netwatch.incidents.incident import Incident, Kind, Severity, key_of
from netwatch.incidents.shape import Words
from netwatch.inventory.model import Inventory
from netwatch.state.attachment import Key


@dataclass(frozen=True, slots=True)
class CauseSeen:
    """A cause that is seen now.

    Attributes:
        kind: what it is.
        cause: id of what is at fault.
        title: what happens, in a line.
        severity: as the alerts have it.
        since: unix time at which it began.
        is_certain: False for a suspicion.
        is_excused: whether it is planned work, which begins no incident.
        site: where it is; None where it is nowhere.
        carrier: who runs the line; as contract and owner, None where there is none.
        first: the first target behind it.
        sites: of a suspicion, how many sites may be behind it.
        behind: since when each site behind it is cut off, unix times.
        found: evidence as ``netwatch.evidence`` makes it.
    """

    kind: Kind
    cause: str
    title: Words
    severity: Severity
    since: float
    is_certain: bool = True
    is_excused: bool = False
    site: str | None = None
    carrier: str | None = None
    contract: str | None = None
    owner: str | None = None
    first: Key | None = None
    sites: int = 0
    behind: Mapping[str, float] = field(default_factory=dict)
    found: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What makes it belong to an incident."""
        return key_of(self.kind, self.cause)


class IncidentSource(ABC):
    """Tells what is at fault. Attributes: kinds, those that it tells of."""

    kinds: ClassVar[frozenset[Kind]]

    def watch(self, inventory: Inventory) -> None:  # noqa: B027 (some have all names with them)
        """Tell names by another inventory from now on."""

    @abstractmethod
    def seen(self) -> list[CauseSeen]:
        """What is at fault now."""

    @abstractmethod
    def end_of(self, incident: Incident) -> Words | None:
        """How an incident of these kinds that is not seen has ended; None when it may go on.

        What isn't measured may go on.
        """

    def explained_by(self, _incident: Incident) -> str:
        """The cause that explains an incident which is not seen itself; empty when none does."""
        return ""
