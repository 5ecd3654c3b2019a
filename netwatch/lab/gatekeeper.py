"""A gatekeeper that confirms every gatekeeperRequest (ITU-T H.225.0, section 7.8), nothing else."""

from __future__ import annotations

import socket

_REQUEST, _CONFIRM = 0, 1
"""Places in the choice RasMessage; they fill the upper six bits of the first octet."""
_PROTOCOL = bytes.fromhex("060008914a0004")
"""protocolIdentifier {itu-t(0) recommendation(0) h(8) 2250 version(0) 4}, with its length."""
_IPV4 = b"\x00"
_MAX_NUMBER = 65535
"""The largest RequestSeqNum (ITU-T H.225.0)."""


def requested_number(data: bytes) -> int | None:
    """The number of a gatekeeperRequest (GRQ), 1 to 65535; None for everything else."""
    if len(data) < 4 or data[0] & 0xFC != _REQUEST << 2:
        return None
    number = int.from_bytes(data[2:4], "big") + 1
    return number if number <= _MAX_NUMBER else None


def gatekeeper_confirm(number: int, local: tuple[str, int]) -> bytes:
    """A gatekeeperConfirm (GCF) of request ``number`` that names an IPv4 address and port."""
    host, port = local
    here = _IPV4 + socket.inet_pton(socket.AF_INET, host) + port.to_bytes(2, "big")
    return bytes((_CONFIRM << 2, 0)) + (number - 1).to_bytes(2, "big") + _PROTOCOL + here


def confirm(data: bytes, source: tuple[str, int]) -> bytes | None:
    """The confirm of a gatekeeperRequest from ``source``; None for everything else."""
    number = requested_number(data)
    return None if number is None else gatekeeper_confirm(number, source)
