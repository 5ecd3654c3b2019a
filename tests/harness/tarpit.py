"""A tarpit: it takes every connection, with a window of zero, and never says more."""

from __future__ import annotations

import asyncio
import socket
import struct

_SYN, _SYN_ACK = 2, 18


async def tarpit(address: str, port: int) -> None:
    """Answer every SYN for ``port`` at an IPv4 address, until it is cancelled.

    Needs a raw socket, and a firewall that keeps the kernel's own resets from that port back.
    """
    loop = asyncio.get_running_loop()
    with (
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP) as sock,
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP) as out,
    ):
        sock.setblocking(False)
        out.bind((address, 0))
        while True:
            packet = await loop.sock_recv(sock, 65536)
            source, segment = packet[12:16], packet[(packet[0] & 15) * 4 :]
            caller, called, sequence = struct.unpack_from("!HHI", segment)
            if called == port and segment[13] == _SYN:
                answer = _no_window(port, caller, sequence)
                checksum = _checksum(packet[16:20] + source, answer)
                out.sendto(answer[:16] + checksum + answer[18:], (socket.inet_ntoa(source), 0))


def _no_window(port: int, caller: int, sequence: int) -> bytes:
    """A SYN with ACK whose window is zero, still without a checksum (RFC 9293, section 3.1)."""
    return struct.pack("!HHIIBBHHH", port, caller, 7, sequence + 1, 80, _SYN_ACK, 0, 0, 0)


def _checksum(addresses: bytes, segment: bytes) -> bytes:
    pseudo = addresses + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(segment))
    words = struct.unpack(f"!{(len(pseudo) + len(segment)) // 2}H", pseudo + segment)
    total = sum(words)
    total = (total & 0xFFFF) + (total >> 16)
    return (~(total + (total >> 16)) & 0xFFFF).to_bytes(2, "big")
