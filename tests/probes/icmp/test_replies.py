"""What is made of received messages, held against a slow and simple reading of the same octets.

What was found to be wrong once, and what other programs stumbled over, stands in ``corpus.txt``.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netwatch.net.recvmmsg import SO_TIMESTAMPNS, MessageBuffer
from netwatch.probes.icmp.packet import address_words
from netwatch.probes.icmp.replies import IPV6_HOPLIMIT, read_replies

ROOM = 256
OWN = 0xBEEF
CORPUS = [
    bytes.fromhex(line.partition("#")[0])
    for line in (Path(__file__).parent / "corpus.txt").read_text().splitlines()
    if line.partition("#")[0].strip()
]


@dataclass(frozen=True)
class Message:
    """One message as the kernel delivers it."""

    data: bytes
    source: str = "10.1.2.3"
    stamp: tuple[int, int] | None = (1_700_000_000, 5)
    ttl: int | None = 57

    def control(self) -> bytes:
        version = 6 if ":" in self.source else 4
        kinds = {4: (socket.IPPROTO_IP, socket.IP_TTL), 6: (socket.IPPROTO_IPV6, IPV6_HOPLIMIT)}
        parts = []
        if self.stamp is not None:
            stamp = struct.pack("@qq", *self.stamp)
            parts.append(struct.pack("@Qii", 32, socket.SOL_SOCKET, SO_TIMESTAMPNS) + stamp)
        if self.ttl is not None:
            parts.append(struct.pack("@QiiI4x", 20, *kinds[version], self.ttl))
        return b"".join(parts)


def delivered(messages: list[Message]) -> MessageBuffer:
    buffer = MessageBuffer(len(messages) or 1, ROOM)
    buffer.data[:] = 0xAA  # what an earlier call left there
    for row, message in enumerate(messages):
        data = message.data[:ROOM]
        buffer.data[row, : len(data)] = np.frombuffer(data, np.uint8)
        buffer.lengths[row] = len(data)
        control = np.frombuffer(message.control().ljust(128, b"\0"), np.uint64)
        buffer.control[row] = control
        if ":" in message.source:
            name = struct.pack("@HHI16sI", socket.AF_INET6, 0, 0, packed(message.source), 0)
        else:
            name = struct.pack("@HH4s8x", socket.AF_INET, 0, packed(message.source))
        buffer.names.view(np.uint8)[row, : len(name)] = np.frombuffer(name, np.uint8)
    return buffer


def packed(address: str) -> bytes:
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def simply_read(version: int, data: bytes, own: int | None) -> tuple[str, bytes, int]:
    """What a message is (``reply``, ``malformed`` or ``foreign``), its token and payload size."""
    start = (data[0] & 15) * 4 if data and own is not None and version == 4 else 0
    message = data[start:]
    if own is not None and message[4:6] != own.to_bytes(2, "big"):
        return "foreign", b"", 0
    is_reply = len(message) >= 24 and message[:2] == bytes([0 if version == 4 else 129, 0])
    return "reply" if is_reply else "malformed", message[8:24], len(message) - 8


def reply(version: int, token: bytes, size: int = 56, own: int | None = None) -> bytes:
    header = struct.pack("!BBHHH", 0 if version == 4 else 129, 0, 0, own or 1, 2)
    ip = bytes([0x45]) + bytes(19) if own is not None and version == 4 else b""
    return ip + header + token.ljust(size, b"\0")


MESSAGES = st.one_of(
    st.binary(max_size=ROOM + 20),
    st.sampled_from(CORPUS),
    st.builds(
        lambda head, rest: head + rest,
        st.sampled_from([b"\x00\x00", b"\x81\x00", b"\x45" + bytes(19) + b"\x00\x00"]),
        st.binary(max_size=80),
    ),
)


@given(st.sampled_from([4, 6]), st.lists(MESSAGES, max_size=8), st.sampled_from([None, OWN]))
@example(4, CORPUS, None)
@example(4, CORPUS, OWN)
@example(6, CORPUS, None)
@example(6, CORPUS, OWN)
def test_it_finds_what_a_simple_reader_finds(
    version: int, datas: list[bytes], own: int | None
) -> None:
    source = "10.1.2.3" if version == 4 else "2001:db8::7"
    buffer = delivered([Message(data, source) for data in datas])
    mail = read_replies(version, buffer, len(datas), own)
    read = [simply_read(version, data[:ROOM], own) for data in datas]
    assert mail.replies.keys[:, :2].tobytes() == b"".join(
        token for kind, token, _ in read if kind == "reply"
    )
    assert mail.replies.keys[:, 4].tolist() == [size for kind, _, size in read if kind == "reply"]
    assert mail.malformed == sum(kind == "malformed" for kind, _, _ in read)


@pytest.mark.parametrize(("version", "source"), [(4, "10.1.2.3"), (6, "2001:db8::7")])
@pytest.mark.parametrize("own", [None, OWN])
def test_what_the_kernel_says_beside_the_message(version: int, source: str, own: int) -> None:
    token = bytes(range(16))
    messages = [
        Message(reply(version, token, own=own), source),
        Message(reply(version, token, own=own), source, ttl=None),
        Message(reply(version, token, own=own), source, stamp=None),
    ]
    mail = read_replies(version, delivered(messages), len(messages), own)
    assert mail.replies.arrived.tolist() == [1_700_000_000_000_000_005] * 2 + [0]
    assert mail.replies.ttls.tolist()[:2] == [57, 0]
    assert mail.replies.keys[:, 2:4].tolist() == [list(address_words(source))] * 3


def test_nothing_received_is_nothing_read() -> None:
    mail = read_replies(4, delivered([]), 0, None)
    assert len(mail.replies) == mail.malformed == 0


def test_a_message_buffer_takes_many_messages_at_once_and_cuts_long_ones() -> None:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with here, there:
        for size in (5, ROOM, ROOM + 1):
            here.send(bytes([size & 0xFF]) * size)
        buffer = MessageBuffer(8, ROOM)
        assert buffer.receive(there.fileno()) == 3
        assert buffer.lengths[:3].tolist() == [5, ROOM, ROOM]
        assert buffer.data[0, :5].tolist() == [5] * 5
        assert buffer.receive(there.fileno()) == 0
    with pytest.raises(OSError, match="Bad file descriptor"):
        buffer.receive(there.fileno())
