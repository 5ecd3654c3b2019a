"""Whatever a device sends, labels are clean and numbers are in range."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.snmp.profile import Instance, Light, Scalar, ValueKind
from netwatch.snmp.values import MAX_LABEL, Value, clean, to_factor, to_number, to_text


def scalar(kind: ValueKind, scale: float = 1.0) -> Scalar:
    enum = {6: "ethernetCsmacd"} if kind is ValueKind.ENUM_INFO else {}
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
    gauge = to_number(scalar(ValueKind.GAUGE), value)
    counter = to_number(scalar(ValueKind.COUNTER), value)
    assert gauge is None or -(2**31) <= gauge <= 2**64
    assert counter is None or 0 <= counter <= 2**64
    assert gauge is None or (type(value) is int and gauge == float(value))


@given(VALUES)
def test_texts_are_clean(value: Value) -> None:
    for kind in (ValueKind.TEXT, ValueKind.MAC, ValueKind.ENUM_INFO, ValueKind.LABEL):
        text = to_text(scalar(kind), value)
        assert text is None or text.isprintable()


def test_counter64_is_exact_to_2_53() -> None:
    assert to_number(scalar(ValueKind.COUNTER), 2**53) == 2**53
    largest = to_number(scalar(ValueKind.COUNTER), 2**64 - 1)
    assert largest is not None
    assert math.isclose(largest, 2**64 - 1, rel_tol=2**-53)


def test_scale() -> None:
    assert to_number(scalar(ValueKind.GAUGE, 0.1), 235) == pytest.approx(23.5)


def test_words_and_addresses() -> None:
    assert to_text(scalar(ValueKind.ENUM_INFO), 6) == "ethernetCsmacd"
    assert to_text(scalar(ValueKind.ENUM_INFO), 7777) == "7777"
    assert to_text(scalar(ValueKind.MAC), bytes.fromhex("00005e0053af")) == "00:00:5E:00:53:AF"
    assert to_text(scalar(ValueKind.MAC), b"") is None
    assert to_text(scalar(ValueKind.TEXT), "1.3.6.1.4.1.9") == "1.3.6.1.4.1.9"
    assert to_text(scalar(ValueKind.TEXT), 5) is None


@pytest.mark.parametrize(
    ("kind", "value", "factor"),
    [
        (ValueKind.PREFIX, 8, 1e-3),
        (ValueKind.PREFIX, 9, 1.0),
        (ValueKind.PREFIX, 10, 1e3),
        (ValueKind.PREFIX, 13, 1e12),
        (ValueKind.PREFIX, 14, 1e18),
        (ValueKind.PREFIX, 15, 1e15),
        (ValueKind.PREFIX, 18, None),
        (ValueKind.PREFIX, b"9", None),
        (ValueKind.DECIMALS, 0, 1.0),
        (ValueKind.DECIMALS, 2, 0.01),
        (ValueKind.DECIMALS, -1, 10.0),
        (ValueKind.DECIMALS, 10, None),
        (ValueKind.DECIMALS, None, None),
    ],
)
def test_factors(kind: ValueKind, value: Value, factor: float | None) -> None:
    assert to_factor(scalar(kind), value) == factor


def test_a_number_that_means_none() -> None:
    temperature = Scalar(name="t", kind=ValueKind.GAUGE, help="x", none=frozenset({65535}))
    assert to_number(temperature, 65535) is None
    assert to_number(temperature, 40) == 40


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (b"36.5", 36.5),
        (b" 45 C", 45.0),
        (b"-12.04dBm", -12.04),
        (b"+3", 3.0),
        (b"11.9%", 11.9),
        (b"", None),
        (b"n/a", None),
        (b"-", None),
        (b"--", None),
        (b"inf", None),
        (b"nan", None),
        (b"1.2.3", None),
        (b"10:31", None),
        (b"36,5", None),
        (b"2026-11-30", None),
        (b"9" * 40, None),
        (b"1e400", None),
        (36, None),
        (None, None),
        ("1.3.6", None),
    ],
)
def test_a_number_in_a_text(text: Value, number: float | None) -> None:
    assert to_number(scalar(ValueKind.READING), text) == number


@pytest.mark.parametrize(
    ("value", "microwatts", "either"),
    [
        (1000, 0.0, 0.0),
        (1, -30.0, -30.0),
        (263, -5.8004, -5.8004),
        (0, None, None),
        (-1107, None, -11.07),
        (2**63, 159.65, 159.65),
        (-(2**31) - 1, None, None),
        (b"5", None, None),
    ],
)
def test_light_is_told_in_dbm(value: Value, microwatts: float | None, either: float | None) -> None:
    for light, dbm in ((Light.MICROWATTS, microwatts), (Light.MICROWATTS_OR_DBM, either)):
        power = Instance(
            oid="1.3.6.1.4.1.32473.1.0", name="power", kind=ValueKind.GAUGE, help="x", light=light
        )
        assert to_number(power, value) == (None if dbm is None else pytest.approx(dbm, abs=0.01))


@pytest.mark.parametrize(
    ("text", "dbm"),
    [(b"0.398000", -4.0012), (b"1.3878", 1.4233), (b"0.0000", None), (b"n/a", None), (b"-3", None)],
)
def test_milliwatts_in_a_text_are_told_in_dbm(text: bytes, dbm: float | None) -> None:
    power = scalar(ValueKind.READING).model_copy(update={"light": Light.MILLIWATTS})
    assert to_number(power, text) == (None if dbm is None else pytest.approx(dbm, abs=1e-4))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (b"5 Secs ( 96.4918%)   60 Secs ( 54.2271%)", 96.4918),
        (b"    5 Secs ( 96.4918%)   60 Secs ( 54.2271%)  300 Secs ( 38.2591%)", 96.4918),
        (b"60 Secs ( 54.2271%)", None),
        (b"5 Secs (", None),
        (b"", None),
        (b" " * 300 + b"5 Secs (1%)", None),
        (5, None),
    ],
)
def test_a_number_behind_words(text: Value, number: float | None) -> None:
    load = scalar(ValueKind.READING).model_copy(update={"after": "5 Secs ("})
    assert to_number(load, text) == number
