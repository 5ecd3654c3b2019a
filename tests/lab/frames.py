"""Ethernet frames with as much of the packet as the wire looks at."""

from __future__ import annotations

import ipaddress
import struct

from netwatch.lab.world import ICMP

COLLECTOR = {4: "198.18.0.1", 6: "2001:2::1"}


def frame(source: str, destination: str, protocol: int = ICMP, port: int = 0) -> bytes:
    """A packet to a port."""
    return packet(source, destination, protocol, struct.pack("!HH", 40000, port))


def packet(source: str, destination: str, protocol: int, payload: bytes) -> bytes:
    """A packet; ICMP stands for ICMPv6 as well."""
    addresses = [ipaddress.ip_address(text) for text in (source, destination)]
    packed = b"".join(address.packed for address in addresses)
    if addresses[0].version == 4:
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0)
        return bytes(12) + b"\x08\x00" + header + packed + payload
    header = struct.pack("!IHBB", 6 << 28, len(payload), 58 if protocol == ICMP else protocol, 64)
    return bytes(12) + b"\x86\xdd" + header + packed + payload


def out(address: str, protocol: int = ICMP, port: int = 0) -> bytes:
    """From the collector to an address."""
    return frame(collector(address), address, protocol, port)


def back(address: str) -> bytes:
    """From an address to the collector."""
    return frame(address, collector(address))


def collector(address: str) -> str:
    """The collector's address of the same family."""
    return COLLECTOR[6 if ":" in address else 4]
