"""Metric families of devices: the lines of a device are one text with a gap for each value.

A device gives 1 500 values a poll. A cell for each would be touched at every poll and at every
scrape; here a poll hands over its list of values as it is, and a scrape fills each text's gaps by
one formatting in C.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netwatch.metrics import Kind, header

_MOST = 128
"""Lines in a text: some tens of microseconds of work."""


@dataclass(eq=False, slots=True)
class Sheet:
    """What one device shows: the values of its last poll, for the texts of all its families.

    Attributes:
        values: as long as when the texts were made; replaced as a whole.
    """

    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class _Text:
    """Lines of one sheet whose values stand one behind the other.

    Attributes:
        template: with ``%s`` where the values belong.
        at: where they stand.
    """

    template: str
    at: slice


class DeviceFamily:
    """All series of one name, of all devices. It is a ``netwatch.metrics.BulkFamily``."""

    def __init__(self, kind: Kind, name: str, help_text: str) -> None:
        self.name = name
        self.kind = kind
        self.header = header(kind, name, help_text)
        self._texts: dict[Sheet, list[_Text]] = {}

    def put(self, sheet: Sheet, lines: dict[str, int]) -> None:
        """Show lines of a device.

        Args:
            sheet: where their values are.
            lines: the place of each line's value, by the text before the value, in growing order.
        """
        self._texts[sheet] = list(_texts(lines))

    def remove(self, sheet: Sheet) -> None:
        """Take a device's lines off the page; nothing happens when there are none."""
        self._texts.pop(sheet, None)

    def steps(self) -> Iterator[str]:
        """The lines of this moment's devices: see ``netwatch.metrics.BulkFamily``."""
        # A copy, and made at once, because devices come and go while the caller waits for its turn.
        return _pieces([(sheet, text) for sheet, all_ in self._texts.items() for text in all_])


def _pieces(texts: list[tuple[Sheet, _Text]]) -> Iterator[str]:
    piece: list[str] = []
    lines = 0
    for sheet, text in texts:
        values = tuple(sheet.values[text.at])
        piece.append(text.template % values)
        lines += len(values)
        if lines >= _MOST:
            yield "".join(piece)
            piece.clear()
            lines = 0
    yield "".join(piece)


def _texts(lines: dict[str, int]) -> Iterator[_Text]:
    """One text for each run of values, in parts that are short enough to be written at once."""
    heads: list[str] = []
    start = 0
    for head, at in lines.items():
        if heads and (at != start + len(heads) or len(heads) == _MOST):
            yield _text(heads, start)
            heads.clear()
        if not heads:
            start = at
        heads.append(head)
    if heads:
        yield _text(heads, start)


def _text(heads: list[str], start: int) -> _Text:
    template = "".join(f"{head.replace('%', '%%')}%s\n" for head in heads)
    return _Text(template, slice(start, start + len(heads)))
