from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netwatch.probes.dns.message import build_query, encode_name, parse_answer
from netwatch.probes.dns.records import MAX_ANSWERS, TYPES, is_same

NAME = "haiduong.gov.vn"
QUERY = build_query(0x1234, "haiduong.gov.vn", TYPES["A"])
QUESTION = QUERY[12:]


def reply(
    records: bytes = b"", count: int = 0, flags: int = 0x8180, identifier: int = 0x1234
) -> bytes:
    return struct.pack("!6H", identifier, flags, 1, count, 0, 0) + QUESTION + records


def record(data: bytes, kind: str = "A", owner: bytes = b"\xc0\x0c") -> bytes:
    return owner + struct.pack("!HHIH", TYPES[kind], 1, 300, len(data)) + data


def test_a_question_is_as_the_rfc_has_it() -> None:
    assert QUERY == (
        b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
        b"\x08haiduong\x03gov\x02vn\x00\x00\x01\x00\x01"
    )


@pytest.mark.parametrize("name", ["", ".", "a..b", "x" * 64, "a" + ".bcdefg" * 40, "é.vn", "a b"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="is not a domain name"):
        encode_name(name)


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("A", b"\x0a\x10\x00\x35", "10.16.0.53"),
        ("AAAA", bytes(15) + b"\1", "::1"),
        ("CNAME", b"\x03WWW\xc0\x0c", "WWW.haiduong.gov.vn."),
        ("NS", b"\xc0\x0c", "haiduong.gov.vn."),
        ("MX", b"\x00\x0a\x04mail\xc0\x0c", "10 mail.haiduong.gov.vn."),
        ("SRV", b"\x00\x01\x00\x02\x01\xbb\xc0\x0c", "1 2 443 haiduong.gov.vn."),
        ("TXT", b"\x03v=s\x02pf", '"v=s" "pf"'),
        ("TXT", b'\x03a"\x00', '"a\\"\\000"'),
        ("MX", b"\0\0\0", "0 ."),
        ("CNAME", b"\x03a.b\xc0\x0c", "a\\.b.haiduong.gov.vn."),
        (
            "SOA",
            b"\x02ns\xc0\x0c\xc0\x0c" + bytes(20),
            "ns.haiduong.gov.vn. haiduong.gov.vn. 0 0 0 0 0",
        ),
    ],
)
def test_records_as_text(kind: str, data: bytes, text: str) -> None:
    query = build_query(7, "haiduong.gov.vn", TYPES[kind])
    head = struct.pack("!6H", 7, 0x8180, 1, 2, 0, 0) + query[12:]
    other = record(b"\x01\x02\x03\x04" if kind != "A" else b"\x01x", "A" if kind != "A" else "TXT")
    answer = parse_answer(head + other + record(data, kind), query)
    assert answer is not None
    assert answer.records == (text,)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        QUERY,
        reply(identifier=0x1235),
        reply(flags=0x0180),
        reply(flags=0xA180),
        reply().replace(b"\x02vn", b"\x02la"),
        reply()[:-1],
        struct.pack("!6H", 0x1234, 0x8180, 0, 0, 0, 0),
        struct.pack("!6H", 0x1234, 0x8180, 2, 0, 0, 0) + QUESTION,
    ],
)
def test_what_is_no_answer_to_the_question(message: bytes) -> None:
    assert parse_answer(message, QUERY) is None


def test_the_case_of_the_question_may_change() -> None:
    assert parse_answer(reply().replace(b"gov", b"GOV"), QUERY) is not None


def test_errors_have_names() -> None:
    answer = parse_answer(reply(flags=0x8183), QUERY)
    assert answer is not None
    assert answer.rcode == "NXDOMAIN"
    unread = parse_answer(struct.pack("!6H", 0x1234, 0x8181, 0, 0, 0, 0), QUERY)
    assert unread is not None
    assert unread.rcode == "FORMERR"


LOOP = b"\xc0" + bytes([len(reply())])  # a name that points to itself


@pytest.mark.parametrize(
    "records",
    [
        b"",
        b"\xc0",
        b"\x3f" + b"x" * 10,
        record(b"\x01\x02\x03"),
        record(b"\x01\x02\x03\x04")[:-1],
        b"\x01a" * 200,
    ],
)
def test_an_answer_that_is_broken_says_so(records: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut off|without end|another length"):
        parse_answer(reply(records, 1), QUERY)


@pytest.mark.parametrize(
    "data",
    [
        b"\xc0\xff",
        b"\xc0" + bytes([len(reply()) + 12]),
        b"\x40x",
        b"\x3fx",
        b"",
        b"\xff\xff",
        b"\x01a" * 150 + b"\0",
    ],
)
def test_a_name_that_leads_nowhere_says_so(data: bytes) -> None:
    query = build_query(7, "a", TYPES["CNAME"])
    head = struct.pack("!6H", 7, 0x8180, 1, 1, 0, 0) + query[12:]
    with pytest.raises(ValueError, match=r"can't be read"):
        parse_answer(head + record(data, "CNAME"), query)


def test_no_more_answers_are_read_than_needed() -> None:
    answer = parse_answer(reply(record(b"\1\2\3\4") * 5000, 65535), QUERY)
    assert answer is not None
    assert len(answer.records) == MAX_ANSWERS


WWW, ALIAS, OTHER = b"\x03www\xc0\x0c", b"\x05alias\x02vn\0", b"\x05other\x02vn\0"


def test_only_records_of_the_name_that_was_asked_for_count() -> None:
    mine = record(b"\1\1\1\1")
    upper = record(b"\2\2\2\2", owner=QUESTION[:-4].upper())
    foreign = record(b"\3\3\3\3", owner=OTHER)
    answer = parse_answer(reply(foreign + mine + upper, 3), QUERY)
    assert answer is not None
    assert answer.records == ("1.1.1.1", "2.2.2.2")


def test_aliases_are_followed_in_any_order_and_round_in_circles() -> None:
    there = record(ALIAS, "CNAME")
    on = record(OTHER, "CNAME", owner=ALIAS)
    back = record(b"\xc0\x0c", "CNAME", owner=OTHER)
    address = record(b"\3\3\3\3", owner=OTHER)
    for records in (there + on + address + back, address + back + on + there):
        answer = parse_answer(reply(records, 4), QUERY)
        assert answer is not None
        assert answer.records == ("3.3.3.3",)


@pytest.mark.parametrize(
    ("kind", "record", "wanted"),
    [
        ("TXT", '"v=spf1 " "-all"', "v=spf1 -all"),
        ("TXT", '"v=spf1 " "-all"', '"v=spf1 -all"'),
        ("TXT", '"a\\"b\\\\"', 'a"b\\'),
        ("TXT", '"\\196\\145"', "đ"),
        ("TXT", '"\\196\\145"', '"đ"'),
        ("MX", "10 Mail.Haiduong.gov.vn.", "10 mail.haiduong.gov.vn"),
        ("CNAME", "www.haiduong.gov.vn.", "WWW.haiduong.gov.vn."),
        ("SRV", "1 2 443 a.vn.", "1 2 443 A.vn"),
        ("SOA", "ns.vn. a.vn. 1 2 3 4 5", "ns.vn. a.vn. 1 2 3 4 5"),
        ("SOA", "ns.vn. a.vn. 1 2 3 4 5", "NS.vn"),
        ("AAAA", "2001:db8::1", "2001:DB8:0::1"),
        ("A", "10.0.0.1", "10.0.0.1"),
    ],
)
def test_a_record_is_known_however_it_is_written(kind: str, record: str, wanted: str) -> None:
    assert is_same(kind, record, wanted)
    assert not is_same(kind, record, "x" + wanted)


def test_names_that_take_too_long_to_follow_are_refused() -> None:
    long = record(b"\xc0\x0c", "NS", owner=b"\x01a" * 100 + b"\0")
    other = record(b"\1\2\3\4", owner=b"\xc0" + bytes([len(reply())]))
    with pytest.raises(ValueError, match="more than 8192 labels"):
        parse_answer(reply(long + other * 500, 501), QUERY)


@given(st.binary(max_size=600), st.sampled_from(sorted(TYPES)), st.integers(0, 65535))
@example(LOOP + struct.pack("!HHIH", 5, 1, 0, 2) + LOOP, "CNAME", 65535)
def test_any_octets_are_read_or_refused(octets: bytes, kind: str, count: int) -> None:
    query = build_query(0x1234, "haiduong.gov.vn", TYPES[kind])
    head = struct.pack("!6H", 0x1234, 0x8180, 1, count, 0, 0) + query[12:]
    with contextlib.suppress(ValueError):
        answer = parse_answer(head + octets, query)
        assert answer is not None
        assert len(answer.records) <= MAX_ANSWERS
    with contextlib.suppress(ValueError):
        assert parse_answer(octets, query) is None or octets[:2] == b"\x12\x34"
