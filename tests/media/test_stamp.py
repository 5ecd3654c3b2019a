"""STAMP packets: layouts of RFC 8762 and RFC 8972 octet by octet, and anything at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.media.stamp import (
    MAX_PACKET_SIZE,
    MIN_PACKET_SIZE,
    NO_STAMP,
    error_estimate,
    extensions,
    from_ptp,
    from_stamp,
    parse_reflected,
    parse_request,
    possible_error,
    reflect,
    request,
    to_stamp,
)

EF, AF41 = 46, 34
NOW = 1_795_644_990_123_456_789


def packet(size: int = 172, dscp: int = EF) -> bytes:
    return request(7, to_stamp(NOW), error_estimate(0.001), 0xBEEF) + extensions(size, dscp)


def answered(data: bytes, **changes: int) -> bytes:
    fields = {"sequence": 5, "received": to_stamp(NOW + 1000), "answered": to_stamp(NOW + 3000)}
    fields |= {"error": error_estimate(None), "ttl": 61, "tos": EF << 2} | changes
    return reflect(data, **fields)


def test_a_test_packet_has_the_layout_of_rfc_8762() -> None:
    data = packet()
    assert len(data) == 172
    assert data[:4] == bytes((0, 0, 0, 7))
    assert data[4:12] == to_stamp(NOW).to_bytes(8, "big")
    assert data[14:16] == b"\xbe\xef"  # SSID, RFC 8972
    assert data[16:44] == bytes(28)
    assert data[44:52] == bytes((0x80, 4, 0, 4, EF << 2, 0, 0, 0))  # Class of Service
    assert data[52:56] == bytes((0x80, 1, 0, 116))  # Extra Padding


def test_an_answer_has_the_layout_of_rfc_8762() -> None:
    data, answer = packet(), answered(packet())
    assert len(answer) == len(data)
    assert answer[:4] == bytes((0, 0, 0, 5))
    assert answer[14:16] == b"\xbe\xef"
    assert answer[16:24] == to_stamp(NOW + 1000).to_bytes(8, "big")
    assert answer[24:28] == data[:4]
    assert answer[28:36] == data[4:12]
    assert answer[36:38] == data[12:14]
    assert answer[40] == 61
    assert answer[44:46] == bytes((0, 4))
    assert int.from_bytes(answer[48:50], "big") == EF << 10 | EF << 4
    assert answer[52:54] == bytes((0, 1))
    assert answer[56:] == data[56:]


def test_the_reflector_tells_with_which_dscp_a_packet_came() -> None:
    found = parse_reflected(answered(packet(), tos=AF41 << 2 | 1))
    assert found is not None
    assert found.dscp == AF41
    assert (found.sequence, found.sent_sequence, found.sent_stamp) == (5, 7, to_stamp(NOW))
    assert found.answered - found.received == pytest.approx(2000, abs=2)


def test_a_reflector_without_extensions_tells_less() -> None:
    found = parse_reflected(answered(packet())[:38])  # as TWAMP Light ones do
    assert found is not None
    assert found.dscp is None
    copied = packet()[:44] + packet()[44:]  # one that sends our extensions back as they were
    assert (parse_reflected(copied) or found).dscp is None
    assert parse_reflected(bytes(35)) is None


def test_unknown_and_broken_extensions_are_marked() -> None:
    unknown = packet()[:44] + bytes((0x80, 99, 0, 2, 1, 2)) + bytes((0x80, 1, 0, 0))
    assert answered(unknown)[44:] == bytes((0x80, 99, 0, 2, 1, 2, 0, 1, 0, 0))
    broken = packet()[:44] + bytes((0x80, 1, 0xFF, 0xFF, 5))
    assert answered(broken)[44] & 0x40
    assert len(answered(broken)) == len(broken)


def test_time_stamps_keep_nanoseconds() -> None:
    assert to_stamp(0) == 2_208_988_800 << 32  # RFC 5905, figure 4
    for ns in (0, 1, 999_999_999, NOW):
        assert abs(from_stamp(to_stamp(ns)) - ns) <= 1


def test_error_estimates() -> None:
    for seconds in (1e-9, 1e-6, 0.001, 0.5, 16.0):
        known = possible_error(error_estimate(seconds))
        assert known is not None
        assert seconds <= known <= seconds * 1.02 + 1e-9
    assert possible_error(error_estimate(None)) is None
    assert possible_error(0x8000) is None  # a multiplier of 0 is not allowed
    assert possible_error(0xC001) is None  # PTP time stamps


def test_ptp_time_stamps_are_seconds_and_nanoseconds() -> None:  # RFC 8186
    assert from_ptp(1_795_645_027 << 32 | 999_999_999) == 1_795_645_027_999_999_999
    assert from_ptp(1_795_645_027 << 32 | 1_000_000_000) == NO_STAMP
    assert error_estimate(1e30) & 0x7FFF <= 0x3FFF


@given(st.binary(max_size=200), st.integers(0, 255))
def test_any_octets_are_answered_with_as_many_or_with_none(data: bytes, tos: int) -> None:
    found = parse_request(data)
    assert (found is None) == (len(data) < 44)
    if found is not None:
        assert len(answered(data, tos=tos)) == len(data)
        assert found.wanted is None or 0 <= found.wanted <= 63
    reflected = parse_reflected(data)
    assert (reflected is None) == (len(data) < 36)


@given(st.integers(MIN_PACKET_SIZE, MAX_PACKET_SIZE), st.integers(0, 63))
def test_packets_have_the_size_that_was_asked_for(size: int, dscp: int) -> None:
    data = packet(size, dscp)
    assert len(data) == size
    found = parse_request(data)
    assert found is not None
    assert found.wanted == dscp
