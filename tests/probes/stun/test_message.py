"""STUN messages against the test vectors of RFC 5769, and against damage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from netwatch.core.login import Login
from netwatch.core.result import Outcome
from netwatch.probes.stun.credentials import Challenge, Credentials, credentials_for
from netwatch.probes.stun.message import (
    ALLOCATE,
    BINDING,
    MAX_LENGTH,
    StunResponse,
    allocate_request,
    binding_request,
    new_transaction,
    parse_response,
    release_request,
)
from netwatch.probes.stun.relay import redirection

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
    assert parse_response(IPV4, BINDING, TRANSACTION) == StunResponse(None, "192.0.2.1", None, None)
    six = "2001:db8:1234:5678:11:2233:4455:6677"
    assert parse_response(IPV6, BINDING, TRANSACTION) == StunResponse(None, six, None, None)


# RFC 5769, section 2.4: a request with long-term credentials.
LONG_TERM = bytes.fromhex(
    "000100602112a44278ad3433c6ad72c029da412e"
    "00060012e3839ee38388e383aae38383e382af"
    "e382b90000"
    "0015001c662f2f3439396b3935346436"
    "4f4c33346f4c39465354767936347341"
    "0014000b6578616d706c652e6f726700"
    "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666"
)
MATRIX = Login(SecretStr("TheMatrIX"), "\u30de\u30c8\u30ea\u30c3\u30af\u30b9")
CHALLENGE = Challenge(b"example.org", b"f//499k954d6OL34oL9FSTvy64sA")


def test_the_integrity_of_rfc_5769_with_long_term_credentials() -> None:
    credentials = credentials_for(CHALLENGE, MATRIX)
    assert credentials.user == LONG_TERM[24:42]
    assert credentials.integrity(LONG_TERM[:-24]) == LONG_TERM[-20:]
    assert "TheMatrIX" not in repr(credentials)


def signed(kind: bytes, credentials: Credentials) -> bytes:
    """An allocation's success, with integrity."""
    head = kind + (24).to_bytes(2, "big") + bytes.fromhex("2112a442") + TRANSACTION
    return head + bytes.fromhex("00080014") + credentials.integrity(head)


def test_a_success_must_prove_that_the_server_knows_the_password() -> None:
    credentials = credentials_for(CHALLENGE, MATRIX)
    success = signed(b"\x01\x03", credentials)
    assert parse_response(success, ALLOCATE, TRANSACTION, credentials) is not None
    other = credentials_for(CHALLENGE, Login(SecretStr("other"), "x"))
    assert parse_response(success, ALLOCATE, TRANSACTION, other) is None
    bare = success[:2] + b"\0\0" + success[4:20]
    assert parse_response(bare, ALLOCATE, TRANSACTION, credentials) is None
    for at in range(20, len(success)):
        damaged = bytearray(success)
        damaged[at] ^= 1
        assert parse_response(bytes(damaged), ALLOCATE, TRANSACTION, credentials) is None


def test_an_answer_to_another_question_is_none() -> None:
    assert parse_response(IPV4, BINDING, new_transaction()) is None
    assert parse_response(IPV4, ALLOCATE, TRANSACTION) is None
    assert parse_response(binding_request(TRANSACTION), BINDING, TRANSACTION) is None


@pytest.mark.parametrize("at", range(20, len(IPV4)))
def test_every_changed_octet_is_noticed_by_the_fingerprint(at: int) -> None:
    damaged = bytearray(IPV4)
    damaged[at] ^= 0x40
    found = parse_response(bytes(damaged), BINDING, TRANSACTION)
    # A changed type of the FINGERPRINT itself makes it an unknown attribute.
    assert found is None or at in {len(IPV4) - 8, len(IPV4) - 7}


@pytest.mark.parametrize("end", range(len(IPV4)))
def test_a_cut_message_is_none(end: int) -> None:
    assert parse_response(IPV4[:end], BINDING, TRANSACTION) is None


def test_a_message_beyond_the_limit_is_none() -> None:
    length = MAX_LENGTH + 4
    filler = (0xC000).to_bytes(2, "big") + (length - 4).to_bytes(2, "big") + bytes(length - 4)
    message = IPV4[:2] + length.to_bytes(2, "big") + IPV4[4:20] + filler
    assert parse_response(message, BINDING, TRANSACTION) is None


def error(number: int, *attributes: bytes) -> bytes:
    code = bytes.fromhex("00090004") + bytes((0, 0, number // 100, number % 100))
    body = code + b"".join(attributes)
    return (
        b"\x01\x13" + len(body).to_bytes(2, "big") + bytes.fromhex("2112a442") + TRANSACTION + body
    )


def test_errors() -> None:
    realm, nonce = bytes.fromhex("0014000161000000"), bytes.fromhex("0015000162000000")
    found = parse_response(error(401, realm, nonce), ALLOCATE, TRANSACTION)
    assert found == StunResponse(401, None, None, Challenge(b"a", b"b"))
    for number in (401, 486):
        found = parse_response(error(number), ALLOCATE, TRANSACTION)
        assert found == StunResponse(number, None, None, None)
    long = parse_response(
        error(401, bytes.fromhex("00140400") + bytes(1024), nonce), ALLOCATE, TRANSACTION
    )
    assert long == StunResponse(401, None, None, None)
    assert parse_response(error(799), ALLOCATE, TRANSACTION) is None
    empty = error(401)[:20]
    without_code = empty[:2] + b"\0\0" + empty[4:]
    assert parse_response(without_code, ALLOCATE, TRANSACTION) is None


def success(attributes: str) -> bytes:
    body = bytes.fromhex(attributes)
    head = b"\x01\x01" + len(body).to_bytes(2, "big") + bytes.fromhex("2112a442") + TRANSACTION
    return head + body


XORED, PLAIN = "002000080001a147e112a643", "0001000800010d96c0000209"


@pytest.mark.parametrize(
    ("attributes", "mapped"),
    [
        (PLAIN, "192.0.2.9"),  # as RFC 3489 has it
        (PLAIN + XORED, "192.0.2.1"),
        (XORED + PLAIN, "192.0.2.1"),
        ("0020000400010d96" + PLAIN, "192.0.2.9"),
        ("0001001400020d96" + "20010db8" + "00" * 11 + "01", "2001:db8::1"),
        ("0001000800030d96c0000209", None),
        ("0001000400010d96", None),
        ("", None),
    ],
)
def test_our_address_plain_or_xored(attributes: str, mapped: str | None) -> None:
    found = parse_response(success(attributes), BINDING, TRANSACTION)
    assert found is not None
    assert found.mapped == mapped


def test_another_server_is_named() -> None:
    found = parse_response(
        error(300, bytes.fromhex("8023000800010d96c0000209")), ALLOCATE, TRANSACTION
    )
    assert found == StunResponse(300, None, None, None, "192.0.2.9")
    judged = redirection(found)
    assert judged is not None
    assert (judged.outcome, judged.detail) == (
        Outcome.SUCCESS,
        "sends to another server: 192.0.2.9",
    )
    assert redirection(StunResponse(300, None, None, None)) is None


@given(st.binary(max_size=200))
def test_any_octets_are_parsed_or_refused(body: bytes) -> None:
    head = b"\x01\x01" + len(body).to_bytes(2, "big") + bytes.fromhex("2112a442") + TRANSACTION
    for data in (body, head + body):
        found = parse_response(data, BINDING, TRANSACTION)
        assert found is None or found.error is None


@given(st.binary(min_size=12, max_size=12))
def test_requests_are_well_formed(transaction: bytes) -> None:
    credentials = credentials_for(CHALLENGE, MATRIX)
    for request in (
        binding_request(transaction),
        allocate_request(transaction),
        allocate_request(transaction, credentials),
        release_request(transaction, credentials),
    ):
        assert int.from_bytes(request[2:4], "big") == len(request) - 20
        # As a response its fingerprint would hold, once the type is a response's.
        assert request[-8:-4] == bytes.fromhex("80280004")
