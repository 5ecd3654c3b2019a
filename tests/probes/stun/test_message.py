"""STUN messages against the test vectors of RFC 5769, and against damage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.probes.stun.message import (
    ALLOCATE,
    BINDING,
    MAX_LENGTH,
    Answer,
    allocate_request,
    binding_request,
    new_transaction,
    parse_answer,
)

TRANSACTION = bytes.fromhex("b7e7a701bc34d686fa87dfae")
# RFC 5769, section 2.2: software, address 192.0.2.1, integrity, fingerprint.
IPV4 = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
    "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96"
)
# RFC 5769, section 2.3: address 2001:db8:1234:5678:11:2233:4455:6677.
IPV6 = bytes.fromhex(
    "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
    "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c"
)


def test_the_vectors_of_rfc_5769() -> None:
    assert parse_answer(IPV4, BINDING, TRANSACTION) == Answer(None, "192.0.2.1", False)
    six = "2001:db8:1234:5678:11:2233:4455:6677"
    assert parse_answer(IPV6, BINDING, TRANSACTION) == Answer(None, six, False)


def test_an_answer_to_another_question_is_none() -> None:
    assert parse_answer(IPV4, BINDING, new_transaction()) is None
    assert parse_answer(IPV4, ALLOCATE, TRANSACTION) is None
    assert parse_answer(binding_request(TRANSACTION), BINDING, TRANSACTION) is None


@pytest.mark.parametrize("at", range(20, len(IPV4)))
def test_every_changed_octet_is_noticed_by_the_fingerprint(at: int) -> None:
    damaged = bytearray(IPV4)
    damaged[at] ^= 0x40
    found = parse_answer(bytes(damaged), BINDING, TRANSACTION)
    # A changed type of the FINGERPRINT itself makes it an unknown attribute.
    assert found is None or at in {len(IPV4) - 8, len(IPV4) - 7}


@pytest.mark.parametrize("end", range(len(IPV4)))
def test_a_cut_message_is_none(end: int) -> None:
    assert parse_answer(IPV4[:end], BINDING, TRANSACTION) is None


def test_a_message_beyond_the_limit_is_none() -> None:
    length = MAX_LENGTH + 4
    filler = (0xC000).to_bytes(2, "big") + (length - 4).to_bytes(2, "big") + bytes(length - 4)
    message = IPV4[:2] + length.to_bytes(2, "big") + IPV4[4:20] + filler
    assert parse_answer(message, BINDING, TRANSACTION) is None


def error(number: int, *attributes: bytes) -> bytes:
    code = bytes.fromhex("00090004") + bytes((0, 0, number // 100, number % 100))
    body = code + b"".join(attributes)
    return (
        b"\x01\x13" + len(body).to_bytes(2, "big") + bytes.fromhex("2112a442") + TRANSACTION + body
    )


def test_errors() -> None:
    realm, nonce = bytes.fromhex("0014000161000000"), bytes.fromhex("0015000162000000")
    assert parse_answer(error(401, realm, nonce), ALLOCATE, TRANSACTION) == Answer(401, None, True)
    assert parse_answer(error(401), ALLOCATE, TRANSACTION) == Answer(401, None, False)
    assert parse_answer(error(486), ALLOCATE, TRANSACTION) == Answer(486, None, False)
    assert parse_answer(error(799), ALLOCATE, TRANSACTION) is None
    empty = error(401)[:20]
    without_code = empty[:2] + b"\0\0" + empty[4:]
    assert parse_answer(without_code, ALLOCATE, TRANSACTION) is None


@given(st.binary(max_size=200))
def test_any_octets_are_parsed_or_refused(body: bytes) -> None:
    head = b"\x01\x01" + len(body).to_bytes(2, "big") + bytes.fromhex("2112a442") + TRANSACTION
    for data in (body, head + body):
        found = parse_answer(data, BINDING, TRANSACTION)
        assert found is None or found.error is None


@given(st.binary(min_size=12, max_size=12))
def test_requests_are_well_formed(transaction: bytes) -> None:
    for request in (binding_request(transaction), allocate_request(transaction)):
        assert int.from_bytes(request[2:4], "big") == len(request) - 20
        # As a response its fingerprint would hold, once the type is a response's.
        assert request[-8:-4] == bytes.fromhex("80280004")
