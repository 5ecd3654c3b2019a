"""Root causes: the line or target that is at fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum


class RootKind(StrEnum):
    """What kind of thing is at fault."""

    LINK = "link"
    TARGET = "target"
    PATH = "path"
    """One of several parallel lines to a target, nobody knows which, loses a part of what it
    should carry."""


@dataclass(frozen=True, slots=True, order=True)
class Root:
    """The topmost line or target that failed. Its text, ``link:an-lam-uplink``, is a label value.

    Attributes:
        kind: whether it is a line, a target, or the path to a target.
        id: of the line, or ``site/target``.
    """

    kind: RootKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Root:
        """The root cause whose ``str`` is ``text``.

        Raises:
            ValueError: the text is not of this form.
        """
        kind, _, id_ = text.partition(":")
        return cls(RootKind(kind), id_)


@dataclass(frozen=True, slots=True)
class RootVerdict:
    """Why a target is silent.

    Attributes:
        root: what is at fault.
        is_first: whether the target is itself at fault or the first one behind the line at fault;
            otherwise it stands further behind.
        is_there: whether it is known to be there all the same, because another of its checks or
            something that is only reached through it answers.
    """

    root: Root
    is_first: bool
    is_there: bool = False

    def renamed(self, present: Callable[[str], str]) -> RootVerdict:
        """The same under the present id; ``present`` takes and gives the text of a root cause."""
        return replace(self, root=Root.parse(present(str(self.root))))
