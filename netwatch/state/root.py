"""What is found to be at fault: a line or a target."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RootKind(StrEnum):
    """What may be at fault."""

    LINK = "link"
    TARGET = "target"


@dataclass(frozen=True, slots=True, order=True)
class Root:
    """The topmost thing that failed. Its text, ``link:an-lam-uplink``, is a label value.

    Attributes:
        id: of the link, or ``site/target``.
    """

    kind: RootKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Root:
        """The root that was written as ``text``.

        Raises:
            ValueError: it is none.
        """
        kind, _, id_ = text.partition(":")
        return cls(RootKind(kind), id_)


@dataclass(frozen=True, slots=True)
class RootVerdict:
    """Why a target is silent.

    Attributes:
        root: what is at fault.
        is_first: the target is the first one that the fault silences; otherwise it stands behind.
    """

    root: Root
    is_first: bool
