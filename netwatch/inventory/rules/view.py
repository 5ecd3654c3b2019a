"""What a rule sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from netwatch.core.params import ProbeParams
from netwatch.core.traits import CredentialKind
from netwatch.inventory.model import Inventory
from netwatch.inventory.source import Source
from netwatch.inventory.yaml import Mistake

MANY = 1000
"""Among more names the nearest is not looked for: thousands of mistakes would take minutes."""


@dataclass(frozen=True, slots=True)
class View:
    """The entries that are valid by themselves, and what the files say.

    Attributes:
        inventory: lacks the entries that were reported already.
        source: has them, so that a reference to one isn't reported as well.
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
        """The remedy for a name that the mapping at ``path`` lacks."""
        keys = self.source.keys(*path)
        if len(keys) <= MANY and (words := get_close_matches(name, keys, n=1)):
            return f"did you mean {words[0]}?"
        return f"correct it, or define it under {path[-1]}"
