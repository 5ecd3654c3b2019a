"""RAS discovery (ITU-T H.225.0, section 7.8), in aligned PER (ITU-T X.691). Pure; no I/O.

Only what discovery needs: one request is written, and of an answer no more is read than its kind
and the number of the request. In both, every field before the number has a fixed place.
"""

from __future__ import annotations

import socket
from enum import Enum

_PROTOCOL = bytes.fromhex("060008914a0004")
"""protocolIdentifier {itu-t(0) recommendation(0) h(8) 2250 version(0) 4}, with its length."""
_IPV4, _IPV6 = b"\x00", b"\x30"
_TERMINAL = b"\x02\x00"
"""endpointType: a terminal that says nothing more about itself."""


class RasKind(Enum):
    """What a gatekeeper may answer; the value is its place in the choice RasMessage."""

    CONFIRM = 1
    REJECT = 2
    UNKNOWN_MESSAGE = 24


_NUMBER_AT = {RasKind.CONFIRM: 2, RasKind.REJECT: 2, RasKind.UNKNOWN_MESSAGE: 1}
"""Where requestSeqNum begins: the next octet after choice, extension and optional bits."""


def gatekeeper_request(number: int, local: tuple[str, int]) -> bytes:
    """A gatekeeperRequest (GRQ) of a terminal.

    Args:
        number: 1 to 65535; an answer repeats it.
        local: where the answer is to be sent: the socket that this is sent from.
    """
    host, port = local
    family, mark = (socket.AF_INET6, _IPV6) if ":" in host else (socket.AF_INET, _IPV4)
    here = mark + socket.inet_pton(family, host) + port.to_bytes(2, "big")
    return b"\x00\x00" + (number - 1).to_bytes(2, "big") + _PROTOCOL + here + _TERMINAL


def parse_answer(data: bytes, number: int) -> RasKind | None:
    """The kind of an answer to request ``number``; None for everything else."""
    kind = next((kind for kind in RasKind if data and data[0] & 0xFC == kind.value << 2), None)
    if kind is None:
        return None
    at = _NUMBER_AT[kind]
    found = data[at : at + 2]
    return kind if len(found) == 2 and int.from_bytes(found, "big") + 1 == number else None
