"""Echo streams: which row each has in the arrays of probe, state and metrics.

Echoes are the bulk of all measurements. What is kept of them stands in arrays, one row a stream,
so that a hundred results cost little more than one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from netwatch.core.check import Check
from netwatch.core.clock import phase

Scalar = TypeVar("Scalar", bound=np.generic)

Rows: TypeAlias = NDArray[np.int64]
"""Rows of some streams."""


def is_stream(check: Check) -> bool:
    """Whether the check's echoes are a stream; a flow's are so few that each is a result."""
    return check.params.traits.echo_stream and check.flow is None


class Streams:
    """Gives every stream a row, and keeps it there as long as its target stays where it is.

    Attributes:
        checks: the check in each row; None in a row that is free.
        changed: rows that ``watch`` last gave to another stream, or to none; what stands there
            is of no further use.
    """

    def __init__(self) -> None:
        self.checks: list[Check | None] = []
        self.changed: Rows = np.zeros(0, np.int64)
        self._rows: dict[str, int] = {}
        self._free: list[int] = []

    def watch(self, checks: Iterable[Check]) -> None:
        """Give rows to the streams among these checks, and free those of all others."""
        wanted = {check.id: check for check in checks if is_stream(check)}
        gone = {
            id_: row for id_, row in self._rows.items() if not self._stays(row, wanted.get(id_))
        }
        for id_, row in gone.items():
            del self._rows[id_]
            self.checks[row] = None
        changed = list(gone.values())
        self._free += changed
        # In the order of their slots: what is touched one after the other then stands together.
        new = [check for id_, check in wanted.items() if id_ not in self._rows]
        for check in sorted(
            new, key=lambda check: (check.interval, phase(check.id, check.interval))
        ):
            self._rows[check.id] = self._take()
            changed.append(self._rows[check.id])
        for id_, check in wanted.items():
            self.checks[self._rows[id_]] = check
        self.changed = np.unique(np.array(changed, np.int64))

    def rename(self, present: Callable[[str], str]) -> None:
        """Know the streams by the present ids of their checks; call it before ``watch``.

        Args:
            present: gives the present id of a check for any that it has had.
        """
        self._rows = {present(id_): row for id_, row in self._rows.items()}

    def row(self, check: Check) -> int | None:
        """The row of a check; None when it is no stream that is watched."""
        return self._rows.get(check.id)

    def rows(self, checks: Iterable[Check]) -> Rows:
        """The rows of streams, in the order of their checks."""
        return np.array([self._rows[check.id] for check in checks], np.int64)

    def __len__(self) -> int:
        """How many rows there are, free ones included."""
        return len(self.checks)

    def _stays(self, row: int, check: Check | None) -> bool:
        known = self.checks[row]
        return check is not None and known is not None and known.address == check.address

    def _take(self) -> int:
        if self._free:
            return self._free.pop()
        self.checks.append(None)
        return len(self.checks) - 1


def grown(array: NDArray[Scalar], rows: int) -> NDArray[Scalar]:
    """The array with room for so many rows; the new ones are zero."""
    if len(array) >= rows:
        return array
    larger = np.zeros((rows, *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger
