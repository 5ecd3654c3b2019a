"""Names within a DNS message (RFC 1035, section 4.1.4), and their text form (section 5.1)."""

from __future__ import annotations

MAX_NAME_LENGTH = 255
"""Octets of a name, as it would stand in a message without pointers."""

MAX_LABELS = 127
"""Labels and pointers of one name."""

MAX_STEPS = 8192
"""Labels and pointers that are followed in a whole message: pointers make it possible that every
record of a datagram names all the others."""

_POINTER = 0xC0
_SPECIAL = frozenset(b'."\\;()@$')


class Names:
    """The names of one message.

    Args:
        message: as it came.
    """

    def __init__(self, message: bytes) -> None:
        self._message = message
        self._steps = MAX_STEPS

    def skip(self, offset: int) -> int:
        """Where the name at ``offset`` ends, without following it.

        Raises:
            ValueError: it does not end.
        """
        for _ in range(MAX_LABELS + 1):
            if offset >= len(self._message):
                break
            length = self._message[offset]
            if length == 0:
                return offset + 1
            if length >= _POINTER:
                return offset + 2
            offset += 1 + length
        raise ValueError("a name without end")

    def labels(self, offset: int) -> tuple[bytes, ...]:
        """The labels of the name at ``offset``, its pointers followed; they only lead backwards.

        Raises:
            ValueError: it can't be read, or the names of the message take too long to follow.
        """
        message = self._message
        found: list[bytes] = []
        total = 0
        for _ in range(MAX_LABELS):
            self._count()
            if offset >= len(message):
                break
            length = message[offset]
            if length == 0:
                return tuple(found)
            if length >= _POINTER:
                target = int.from_bytes(message[offset : offset + 2], "big") & 0x3FFF
                if target >= offset:
                    break
                offset = target
                continue
            label = message[offset + 1 : offset + 1 + length]
            total += length + 1
            if length > 63 or len(label) < length or total > MAX_NAME_LENGTH:
                break
            found.append(label)
            offset += 1 + length
        raise ValueError("a name that can't be read")

    def _count(self) -> None:
        self._steps -= 1
        if self._steps < 0:
            raise ValueError(f"names of more than {MAX_STEPS} labels")

    def text(self, offset: int) -> str:
        """The name as ``dig`` prints it, with its last dot; raises as ``labels``."""
        return "".join(f"{escaped(label, _SPECIAL)}." for label in self.labels(offset)) or "."


def escaped(octets: bytes, special: frozenset[int]) -> str:
    """Octets as a zone file has them: by number where they aren't printable, or with a slash.

    Args:
        octets: of a label, or of a string of TXT.
        special: those that get a slash.
    """
    return "".join(
        f"\\{octet:03d}"
        if not 0x20 <= octet <= 0x7E or (octet == 0x20 and 0x2E in special)
        else f"\\{octet:c}"
        if octet in special
        else chr(octet)
        for octet in octets
    )
