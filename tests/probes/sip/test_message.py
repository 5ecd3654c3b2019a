"""The parser, on the tricks that RFC 4475 describes, written here as answers to our request."""

from __future__ import annotations

import dataclasses
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.probes.sip.message import (
    MAX_HEAD,
    complaint,
    is_final_answer,
    names,
    new_request,
    options_request,
    parse_response,
)
from tests.harness.sip_answers import QUESTION, response

VIA = "SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKabc"

GOOD = {
    "plain": response(),
    "3.1.1.1 compact names, folding, spaces before colons, odd letter case": (
        b"SIP/2.0 200 OK\r\nv :\r\n  SIP  / 2.0\r\n /UDP\r\n    192.0.2.1 : 5070 ;\r\n"
        b' branch =   z9hG4bKabc\r\nf\t: "a\\\\\\"b;tag=no" <sip:x@y;tag=no>\r\n  ;tag = tag1\r\n'
        b"TO :\r\n sip:x ;   tag    = 1918181833n\r\ni: call\r\ncseq: 0000000001\r\n  OPTIONS\r\n"
        b"s :\r\nNewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
        b"l: 0\r\n\r\n"
    ),
    "3.1.1.2 every character that may stand in a name": response(
        "200 OK", "!interesting-Message0123456789_*+`.%indeed'~: yes"
    ),
    "3.1.1.4 escaped null in a URI": response(To="<sip:null-%00-null@example.com>;tag=a"),
    "3.1.1.6 no space before <": response(From="caller<sip:caller@example.com>;tag=tag1"),
    "3.1.1.7 long values": response("200 OK", "Unknown-" + "Long" * 20 + ": " + "x" * 8000),
    "3.1.1.8 more octets than Content-Length says": response(
        Content_Length="0", body="INVITE sip:x SIP/2.0"
    ),
    "3.1.1.10 unknown transport in a parameter": response(Via=f"{VIA};received=192.0.2.1;x"),
    "3.1.1.12 reason phrase in another script": response("200 = 2**3 * 5**2 но сто восемь"),
    "3.1.1.13 empty reason phrase": response("200 "),
    "reason phrase and its space missing": response("200"),
    "3.1.2.4 overlarge values in fields that aren't read": response(
        "200 OK", "Max-Forwards: 300", "Expires: 10000000000000000000000000000000"
    ),
    "3.1.2.12 a date in no time zone": response("200 OK", "Date: Fri, 01 Jan 2010 16:00:00 EST"),
    "3.3.4 unknown schemes": response(To="isbn:2983792873;tag=a"),
    "the same Content-Length twice": response("200 OK", "Content-Length: 0", "l: 0"),
    "3.1.2.3 negative Content-Length, which a datagram doesn't need": response(
        Content_Length="-999"
    ),
    "3.3.9 two lengths": response("200 OK", "Content-Length: 5", "Content-Length: 1"),
    "a line that is no field": response("200 OK", "this is not a header"),
    "fields that nobody needs, malformed": response(
        "200 OK", 'Contact: "never ended <sip:x', "Bad Name: x", ": no name", "Allow", "Date:\0"
    ),
    "To that can't be read": response(To='"<>;;;tag'),
    "bare line feeds": response().replace(b"\r\n", b"\n"),
    "bare line feeds here and there": response().replace(b"\r\n", b"\n", 3),
    "empty lines before": b"\r\n\r\n" + response(),
}

BAD = {
    "3.1.2.1 extraneous separators": response(Via="SIP/2.0/UDP;;,;,, 192.0.2.1;branch=z9hG4bKabc"),
    "3.1.2.5 overlarge CSeq": response(CSeq="9292394834772304023312 OPTIONS"),
    "3.1.2.6 unterminated quoted string": response(From='"Mr. J. User <sip:x@y>;tag=tag1'),
    "3.1.2.9 several spaces in the start line": b"SIP/2.0  200 OK\r\n" + response()[16:],
    "3.1.2.16 unknown protocol version": b"SIP/7.0 200 OK" + response()[14:],
    "3.1.2.17 another method in CSeq": response(CSeq="1 INVITE"),
    "3.1.2.19 overlarge status": response("4294967301 better not break the receiver"),
    "3.2.1 branch that is only the cookie": response(
        Via="SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK"
    ),
    "3.3.1 fields missing": response(Call_ID=""),
    "3.3.8 a single field with two values": response("200 OK", "Call-ID: other"),
    "3.3.10 broadcast in Via": response(Via="SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKabc"),
    "3.4.1 no branch, as in RFC 2543": response(Via="SIP/2.0/UDP 192.0.2.1:5070"),
    "two Via values": response(Via=f"{VIA}, {VIA}"),
    "two Via fields": response("200 OK", f"Via: {VIA}"),
    "another dialog": response(Call_ID="somebody-else"),
    "another branch": response(Via=VIA.replace("abc", "abd")),
    "another tag": response(From="<sip:x@y>;tag=tag2"),
    "another CSeq": response(CSeq="2 OPTIONS"),
    "no status at all": b"",
    "a head without end": b"SIP/2.0 200 OK\r\n" + b"x: y\r\n" * MAX_HEAD,
    "provisional": response("100 Trying"),
}


@pytest.mark.parametrize("data", GOOD.values(), ids=GOOD.keys())
def test_what_the_grammar_allows_is_understood(data: bytes) -> None:
    found = parse_response(data)
    assert found is not None
    assert is_final_answer(found, QUESTION)
    assert found.status == 200


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_what_is_no_answer_to_the_request_is_dropped(data: bytes) -> None:
    found = parse_response(data)
    assert found is None or not is_final_answer(found, QUESTION)


HALVES = {
    "a Via of spaces": VIA.partition(";")[0] + " " * 16000 + "b",
    "quotes that begin and don't end": '\\"' * 7000,
    "quotes": '"' * 16000,
    "parameters": VIA + ";a=b" * 4000,
}


@pytest.mark.parametrize("value", HALVES.values(), ids=HALVES.keys())
def test_no_field_is_tried_twice(value: str) -> None:
    """What took seconds, when fields were read by patterns that could go back."""
    for data in (response(Via=value), response(From=value)):
        began = time.thread_time()
        parse_response(data)
        assert time.thread_time() - began < 1.0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (response(Call_ID=""), "no call-id"),
        (response("200 OK", "Call-ID: other"), "two call-id fields that differ"),
        (response(Via="SIP/2.0"), "a via that can't be read"),
        (response(CSeq="OPTIONS"), "a cseq that can't be read"),
        (options_request(QUESTION, ("192.0.2.9", 5060), None), ""),
        (response(), ""),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, why: str) -> None:
    assert complaint(data) == why


def test_an_answer_is_known_before_it_is_parsed() -> None:
    assert names(response(), QUESTION)
    assert not names(response(Via=VIA.replace("abc", "abd")), QUESTION)


def test_a_request_is_no_response() -> None:
    request = options_request(QUESTION, ("192.0.2.9", 5060), None)
    assert parse_response(request) is None


def test_a_content_length_beyond_the_datagram_is_told() -> None:  # RFC 4475, 3.1.2.2
    found = parse_response(response(Content_Length="9999", body="short"))
    assert found is not None
    assert (found.body, found.following) == (9999, 5)


def test_the_request_has_what_rfc_3261_demands() -> None:
    lines = options_request(QUESTION, ("fd00::9", 5060), "room-1").decode().split("\r\n")
    assert lines[0] == "OPTIONS sip:room-1@[fd00::9]:5060 SIP/2.0"
    assert f"Via: {VIA};rport" in lines
    names = {line.partition(":")[0] for line in lines[1:-2]}
    assert names >= {"Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact", "Accept"}
    assert lines[-2:] == ["", ""]


def test_no_two_requests_share_an_identifier() -> None:
    some = [new_request("udp", ("192.0.2.1", 5070)) for _ in range(100)]
    assert len({request.branch for request in some}) == 100
    assert len({request.call_id for request in some}) == 100
    assert all(request.branch.startswith("z9hG4bK") for request in some)


@given(st.binary(max_size=300))
def test_any_octets_are_parsed_or_refused(data: bytes) -> None:
    found = parse_response(data)
    assert found is None or 100 <= found.status <= 699


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_a_damaged_response_is_parsed_or_refused(name: str, data: st.DataObject) -> None:
    octets = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(octets) - 1))
        octets[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    found = parse_response(bytes(octets))
    assert found is None or dataclasses.asdict(found)


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40),
    st.integers(200, 699),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40),
)
def test_a_forger_who_does_not_know_the_branch_is_not_believed(
    branch: str, status: int, phrase: str
) -> None:
    found = parse_response(
        response(f"{status} {phrase}", Via=f"SIP/2.0/UDP 192.0.2.1:5070;branch={branch}")
    )
    genuine = branch.split(";", maxsplit=1)[0].strip() == QUESTION.branch
    assert found is None or genuine or not is_final_answer(found, QUESTION)
