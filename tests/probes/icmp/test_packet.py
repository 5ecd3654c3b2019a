from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.core.result import Reason
from netwatch.probes.icmp.packet import (
    TOKEN_SIZE,
    build_request,
    checksum,
    parse_error,
    parse_quoted_echo,
    parse_reply,
    reason_of,
)

TOKEN = bytes(range(TOKEN_SIZE))
VERSIONS = st.sampled_from([4, 6])


def reply_to(version: int, request: bytes) -> bytes:
    return bytes([0 if version == 4 else 129]) + request[1:]


def ip_header(version: int, destination: bytes) -> bytes:
    if version == 4:
        return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 84, 0, 0, 64, 1, 0, bytes(4), destination)
    return struct.pack("!IHBB16s16s", 6 << 28, 64, 58, 64, bytes(16), destination)


@given(VERSIONS, st.integers(0, 65535), st.integers(0, 65535), st.integers(TOKEN_SIZE, 1400))
def test_a_reply_gives_the_token_back(
    version: int, identifier: int, sequence: int, size: int
) -> None:
    request = build_request(version, identifier, sequence, TOKEN, size)
    assert len(request) == 8 + size
    reply = parse_reply(version, reply_to(version, request))
    assert reply is not None
    assert reply.token == TOKEN


@given(st.binary(max_size=200))
def test_the_checksum_of_a_checked_message_is_zero(message: bytes) -> None:
    padded = message + b"\0" * (len(message) % 2)
    assert checksum(padded + struct.pack("!H", checksum(padded))) == 0


def test_the_checksum_is_that_of_rfc_1071() -> None:
    # The example of RFC 1071, section 3: the sum is ddf2, its complement 220d.
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0x220D


@given(VERSIONS, st.binary(max_size=200))
def test_no_message_does_harm(version: int, message: bytes) -> None:
    parse_reply(version, message)
    parse_error(version, message)
    parse_quoted_echo(version, message)


@given(VERSIONS, st.data())
def test_a_broken_message_never_shows_another_token(version: int, data: st.DataObject) -> None:
    whole = reply_to(version, build_request(version, 1, 2, TOKEN, 56))
    cut = data.draw(st.integers(0, len(whole)))
    reply = parse_reply(version, whole[:cut])
    assert reply is None or reply.token == TOKEN


@pytest.mark.parametrize(
    ("version", "kind", "code", "reason"),
    [
        (4, 3, 0, Reason.NETWORK_UNREACHABLE),
        (4, 3, 1, Reason.HOST_UNREACHABLE),
        (4, 3, 3, Reason.REFUSED),
        (4, 3, 13, Reason.PROHIBITED),
        (4, 11, 0, Reason.TTL_EXCEEDED),
        (6, 1, 0, Reason.NETWORK_UNREACHABLE),
        (6, 1, 3, Reason.HOST_UNREACHABLE),
        (6, 1, 1, Reason.PROHIBITED),
        (6, 3, 0, Reason.TTL_EXCEEDED),
        (4, 0, 0, None),
        (4, 8, 0, None),
        (6, 129, 0, None),
    ],
)
def test_what_an_error_means(version: int, kind: int, code: int, reason: Reason | None) -> None:
    assert reason_of(version, kind, code) is reason


@pytest.mark.parametrize("quoted_octets", [8, 64])
@pytest.mark.parametrize(
    ("version", "kind", "destination", "text"),
    [
        (4, 3, bytes([10, 1, 2, 3]), "10.1.2.3"),
        (6, 1, bytes.fromhex("20010db8" + "0" * 23 + "1"), "2001:db8::1"),
    ],
)
def test_an_error_names_the_echo_it_quotes(
    version: int, kind: int, destination: bytes, text: str, quoted_octets: int
) -> None:
    echo = build_request(version, 7, 9, TOKEN, 56)[:quoted_octets]
    message = bytes([kind, 1]) + bytes(6) + ip_header(version, destination) + echo
    refusal = parse_error(version, message)
    assert refusal is not None
    assert (refusal.identifier, refusal.sequence, refusal.destination) == (7, 9, text)
    assert refusal.token == (TOKEN if quoted_octets > 24 else b"")
