"""The view of the inventory that the cross-check rules work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netwatch.core.params import ProbeParams
from netwatch.core.traits import CredentialKind
from netwatch.inventory.explain import nearest
from netwatch.inventory.former_ids import former_ids
from netwatch.inventory.model import Inventory
from netwatch.inventory.source import Source
from netwatch.inventory.yaml import Mistake


@dataclass(frozen=True, slots=True)
class View:
    """The entries that are valid by themselves, and what the files say.

    Attributes:
        inventory: the entries that are valid by themselves.
        source: all entries, so that a reference to an invalid one isn't reported as well.
        schemas: kinds of probe, each with the schema of its parameters.
    """

    inventory: Inventory
    source: Source
    schemas: Mapping[str, type[ProbeParams]]

    def mistake(self, message: str, *path: str | int) -> Mistake:
        """A mistake in the node at ``path``."""
        return Mistake(self.source.place(*path), message)

    def needs_credential(self, kind: str) -> bool:
        """Whether probes of a kind log in with the credential of their target."""
        schema = self.schemas.get(kind)
        return schema is not None and schema.traits.credential is CredentialKind.SNMP

    def near(self, name: str, *path: str) -> str:
        """The remedy for a name that is not a key of the mapping at ``path``."""
        if present := self._present(name, *path):
            return f"it is called {present} now"
        keys = self.source.keys(*path)
        if near := nearest(name, keys):
            return f"did you mean {near}?"
        return f"correct it, or define it under {path[-1]}"

    def _present(self, name: str, *path: str) -> str | None:
        """What had this id before; None where nothing had."""
        former = former_ids(self.inventory)
        if path == ("sites",):
            return former.sites.get(name)
        if path[-1] == "targets":
            return former.targets.get(f"{path[1]}/{name}")
        return former.links.get(name) if path == ("links",) else None
