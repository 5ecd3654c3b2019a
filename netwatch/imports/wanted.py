"""The sites that a source wants in the inventory, whatever it is: a workbook, or NetBox."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from netwatch.imports.review import ValuePlace


class SiteFact(NamedTuple):
    """One value, and where it comes from; None where it follows from something else."""

    value: str
    placed: ValuePlace | None = None


@dataclass(slots=True, eq=False)
class WantedTarget:
    """A device of a site; what is None is not known, and is left as it is."""

    role: str
    address: SiteFact
    name_vi: str | None = None
    vendor: str | None = None
    model: str | None = None


@dataclass(slots=True, eq=False)
class WantedSite:
    """A site.

    Attributes:
        name_vi: its name.
        placed: the cell with its name or id.
        facts: ``id``, ``name``, ``tier``, ``network``, ``parent``, ``state``, ``coordinates`` (as
            ``20.9, 106.3``) and keys of its uplink as ``uplink.carrier``; what is missing is left
            as it is.
        targets: its devices.
        columns: the place of each of its values in its first row that has such a column.
        parent: the site above it, once that is found: its id, or another wanted site.
        site_id: its id in the inventory, once it has one.
    """

    name_vi: str
    placed: ValuePlace
    facts: dict[str, SiteFact] = field(default_factory=dict)
    targets: list[WantedTarget] = field(default_factory=list)
    columns: dict[str, ValuePlace] = field(default_factory=dict)
    parent: WantedSite | str | None = None
    site_id: str = ""

    def value(self, key: str) -> str | None:
        """The value of a fact; None when it is missing."""
        fact = self.facts.get(key)
        return fact.value if fact else None

    @property
    def parent_id(self) -> str | None:
        """The id of the site above it; None at the top."""
        return self.parent.site_id if isinstance(self.parent, WantedSite) else self.parent


@dataclass(slots=True, eq=False)
class WantedLink:
    """A line that is no uplink.

    Attributes:
        contract: number, or the carrier's name of the circuit.
        capacity: as the inventory has it: ``20M``.
        interfaces: by the side that is told by the source.
        link_id: its id in the inventory.
    """

    contract: str
    carrier: str
    capacity: str
    interfaces: dict[str, str]
    link_id: str = ""
    a: WantedSite | None = None
    b: WantedSite | None = None
    a_interface: str | None = None
    b_interface: str | None = None
