"""Whatever a device sends, labels are clean and numbers are in range."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.snmp.profile import Kind, Scalar
from netwatch.snmp.values import MAX_LABEL, Value, clean, to_factor, to_number, to_text


def scalar(kind: Kind, scale: float = 1.0) -> Scalar:
    enum = {6: "ethernetCsmacd"} if kind is Kind.ENUM_INFO else {}
    return Scalar(name="x", kind=kind, help="x", scale=scale, enum=enum)


VALUES = st.one_of(
    st.none(),
    st.text(),
    st.binary(max_size=600),
    st.integers(),
    st.integers(-(2**33), 2**33),
    st.floats(),
    st.booleans(),
)


@given(st.one_of(st.text(), st.binary(max_size=600)))
def test_clean_text_is_short_and_printable(value: str | bytes) -> None:
    text = clean(value)
    assert len(text.encode()) <= MAX_LABEL
    assert text.isprintable()
    assert text == text.strip()
    assert clean(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"GigabitEthernet0/1", "GigabitEthernet0/1"),
        ("Tủ mạng, tầng 2".encode(), "Tủ mạng, tầng 2"),
        (b"Cisco IOS\r\nVersion 15", "Cisco IOS Version 15"),
        (b"eth0\x00", "eth0"),
        (b"a\x1b[31mb", "a [31mb"),
        ("a\u202eb\u2028c", "a b c"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"", ""),
        (b"x" * 255, "x" * 128),
        ("ế" * 100, "ế" * 42),
    ],
)
def test_clean_examples(value: str | bytes, text: str) -> None:
    assert clean(value) == text


@given(VALUES)
def test_numbers_are_what_their_type_allows(value: Value) -> None:
    gauge = to_number(scalar(Kind.GAUGE), value)
    counter = to_number(scalar(Kind.COUNTER), value)
    assert gauge is None or -(2**31) <= gauge <= 2**64
    assert counter is None or 0 <= counter <= 2**64
    assert gauge is None or (type(value) is int and gauge == float(value))


@given(VALUES)
def test_texts_are_clean(value: Value) -> None:
    for kind in (Kind.TEXT, Kind.MAC, Kind.ENUM_INFO, Kind.LABEL):
        text = to_text(scalar(kind), value)
        assert text is None or text.isprintable()


def test_counter64_is_exact_to_2_53() -> None:
    assert to_number(scalar(Kind.COUNTER), 2**53) == 2**53
    largest = to_number(scalar(Kind.COUNTER), 2**64 - 1)
    assert largest is not None
    assert math.isclose(largest, 2**64 - 1, rel_tol=2**-53)


def test_scale() -> None:
    assert to_number(scalar(Kind.GAUGE, 0.1), 235) == pytest.approx(23.5)


def test_words_and_addresses() -> None:
    assert to_text(scalar(Kind.ENUM_INFO), 6) == "ethernetCsmacd"
    assert to_text(scalar(Kind.ENUM_INFO), 7777) == "7777"
    assert to_text(scalar(Kind.MAC), bytes.fromhex("00005e0053af")) == "00:00:5E:00:53:AF"
    assert to_text(scalar(Kind.MAC), b"") is None
    assert to_text(scalar(Kind.TEXT), "1.3.6.1.4.1.9") == "1.3.6.1.4.1.9"
    assert to_text(scalar(Kind.TEXT), 5) is None


@pytest.mark.parametrize(
    ("kind", "value", "factor"),
    [
        (Kind.PREFIX, 8, 1e-3),
        (Kind.PREFIX, 9, 1.0),
        (Kind.PREFIX, 10, 1e3),
        (Kind.PREFIX, 13, 1e12),
        (Kind.PREFIX, 14, 1e18),
        (Kind.PREFIX, 15, 1e15),
        (Kind.PREFIX, 18, None),
        (Kind.PREFIX, b"9", None),
        (Kind.DECIMALS, 0, 1.0),
        (Kind.DECIMALS, 2, 0.01),
        (Kind.DECIMALS, -1, 10.0),
        (Kind.DECIMALS, 10, None),
        (Kind.DECIMALS, None, None),
    ],
)
def test_factors(kind: Kind, value: Value, factor: float | None) -> None:
    assert to_factor(scalar(kind), value) == factor


def test_a_number_that_means_none() -> None:
    temperature = Scalar(name="t", kind=Kind.GAUGE, help="x", none=frozenset({65535}))
    assert to_number(temperature, 65535) is None
    assert to_number(temperature, 40) == 40
