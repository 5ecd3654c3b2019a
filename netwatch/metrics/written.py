"""A family whose lines were written before, as in another thread: they change at reloads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from netwatch.metrics.text import Kind, clean, header, number, series

_MAX_LINES = 256
"""Lines that are joined in one step, which takes some tens of microseconds."""


class WrittenFamily:
    """All series of one name. It is a ``netwatch.metrics.BulkFamily``.

    Attributes:
        lines: that are shown, each with its end.
    """

    def __init__(self, kind: Kind, name: str, help_text: str) -> None:
        self.name = name
        self.kind = kind
        self.header = header(kind, name, help_text)
        self.lines: Sequence[str] = ()

    def steps(self) -> Iterator[str]:
        """The lines in pieces; those of the moment at which the first is asked for."""
        lines = self.lines
        for start in range(0, len(lines), _MAX_LINES):
            yield "".join(lines[start : start + _MAX_LINES])


def line(name: str, labels: Iterable[tuple[str, str]], value: float) -> str:
    """One series with its value, as a line of the page."""
    clean_labels = [(label, clean(text)) for label, text in labels]
    return f"{series(name, clean_labels)}{number(float(value))}\n"
