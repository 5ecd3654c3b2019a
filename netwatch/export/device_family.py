"""Metric families of devices: the lines of a device are one text with a gap for each value.

A device gives 1 500 values a poll. A cell for each would be touched at every poll and at every
scrape; here a poll hands over its list of values as it is, and a scrape fills each text's gaps by
one formatting in C.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netwatch.metrics import Kind, header

_MAX_LINES = 128
"""Lines of a text; to fill its gaps takes some tens of microseconds."""


@dataclass(eq=False, slots=True)
class DeviceValues:
    """What one device reported last, for the texts of all families that it appears in.

    Attributes:
        latest: the values of its last poll, as many as when the texts were made; each poll
            replaces them as a whole.
        key: by which the device is in a share of the page.
    """

    latest: Sequence[float]
    key: int = 0


@dataclass(frozen=True, slots=True)
class _Text:
    """Lines of one device whose values stand one behind the other.

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
        self._texts: dict[DeviceValues, list[_Text]] = {}

    def put(self, values: DeviceValues, lines: dict[str, int]) -> None:
        """Show lines of a device.

        Args:
            values: of the device.
            lines: the place of each line's value, by the text before the value, in growing order.
        """
        self._texts[values] = list(_texts(lines))

    def remove(self, values: DeviceValues) -> None:
        """Take a device's lines off the page; nothing happens when there are none."""
        self._texts.pop(values, None)

    def steps(self) -> Iterator[str]:
        """The lines of this moment's devices: see ``netwatch.metrics.BulkFamily``."""
        return self.steps_of(1, 1)

    def steps_of(self, share: int, shares: int) -> Iterator[str]:
        """The same of a share: see ``netwatch.metrics.parts.DividedFamily``."""
        # A copy, and made at once, because devices come and go while the caller waits for its turn.
        shown = [(values, text) for values, texts in self._texts.items() for text in texts]
        if shares > 1:
            shown = [each for each in shown if each[0].key % shares == share - 1]
        return _pieces(shown)


def _pieces(texts: list[tuple[DeviceValues, _Text]]) -> Iterator[str]:
    piece: list[str] = []
    lines = 0
    for device, text in texts:
        values = tuple(device.latest[text.at])
        piece.append(text.template % values)
        lines += len(values)
        if lines >= _MAX_LINES:
            yield "".join(piece)
            piece.clear()
            lines = 0
    yield "".join(piece)


def _texts(lines: dict[str, int]) -> Iterator[_Text]:
    """One text for each run of values, in parts that are short enough to be written at once."""
    heads: list[str] = []
    start = 0
    for head, at in lines.items():
        if heads and (at != start + len(heads) or len(heads) == _MAX_LINES):
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
