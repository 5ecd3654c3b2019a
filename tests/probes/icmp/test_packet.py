from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.probes.icmp.packet import (
    HEADER,
    TOKEN_END,
    TOKEN_SIZE,
    Octets,
    address_words,
    blank_requests,
    checksums,
    fill_requests,
    parse_quoted_echo,
)

TOKEN = bytes(range(TOKEN_SIZE))
VERSIONS = st.sampled_from([4, 6])


def octets(message: bytes) -> Octets:
    return np.frombuffer(message, np.uint8).reshape(1, -1)


def request(version: int, identifier: int, sequence: int, size: int) -> bytes:
    requests = blank_requests(version, identifier, size, 1)
    number = octets(sequence.to_bytes(2, "big"))
    fill_requests(requests, number, octets(TOKEN), sums=version == 4)
    return requests.tobytes()


@given(VERSIONS, st.integers(0, 65535), st.integers(0, 65535), st.integers(TOKEN_SIZE, 1400))
def test_a_request_is_what_the_rfc_says(
    version: int, identifier: int, sequence: int, size: int
) -> None:
    message = request(version, identifier, sequence, size)
    kind, code, checksum, *numbers = HEADER.unpack_from(message)
    assert (kind, code) == (8 if version == 4 else 128, 0)
    assert numbers == [identifier, sequence]
    assert message[HEADER.size :] == TOKEN.ljust(size, b"\0")
    if version == 4:
        assert checksums(octets(message + b"\0" * (size % 2))).tobytes() == b"\0\0"
    else:
        assert checksum == 0, "the kernel makes it"


def test_every_row_has_its_own_number_and_token() -> None:
    requests = blank_requests(4, 7, 20, 3)
    numbers = np.array([[0, 1], [0, 2], [9, 9]], np.uint8)
    tokens = np.frombuffer(bytes(range(48)), np.uint8).reshape(3, 16)
    fill_requests(requests, numbers, tokens, sums=True)
    fill_requests(requests, numbers, tokens, sums=True)  # a row is used again, checksum and all
    for row, message in enumerate(requests):
        assert message[6:8].tolist() == numbers[row].tolist()
        assert message[8:TOKEN_END].tolist() == tokens[row].tolist()
        assert checksums(message[None, :]).tobytes() == b"\0\0"


@given(st.binary(max_size=200))
def test_the_checksum_of_a_checked_message_is_zero(message: bytes) -> None:
    padded = message + b"\0" * (len(message) % 2)
    assert checksums(octets(padded + checksums(octets(padded)).tobytes())).tobytes() == b"\0\0"


def test_the_checksum_is_that_of_rfc_1071() -> None:
    # The example of RFC 1071, section 3: the sum is ddf2, its complement 220d.
    assert checksums(octets(bytes.fromhex("0001f203f4f5f6f7"))).tobytes().hex() == "220d"


@given(VERSIONS, st.binary(max_size=200))
def test_no_quote_does_harm(version: int, quoted: bytes) -> None:
    parse_quoted_echo(version, quoted)


@pytest.mark.parametrize("quoted_octets", [8, 64])
@pytest.mark.parametrize("version", [4, 6])
def test_an_error_names_the_echo_it_quotes(version: int, quoted_octets: int) -> None:
    echo = parse_quoted_echo(version, request(version, 7, 9, 56)[:quoted_octets])
    assert echo == (7, 9, TOKEN if quoted_octets > 24 else b"")


def test_something_else_that_is_quoted_is_no_echo() -> None:
    assert parse_quoted_echo(4, request(6, 7, 9, 56)) is None
    assert parse_quoted_echo(4, request(4, 7, 9, 56)[:7]) is None


def test_addresses_differ_in_their_words() -> None:
    addresses = ["10.1.2.3", "10.1.2.4", "2001:db8::1", "2001:db8::2", "::a01:203"]
    assert len({address_words(address) for address in addresses}) == len(addresses)
    assert address_words("10.1.2.3") == (0, struct.unpack("@I", bytes([10, 1, 2, 3]))[0])
