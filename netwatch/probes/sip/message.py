"""OPTIONS requests and the responses to them (RFC 3261). Pure; no I/O.

Tolerant of what real endpoints do (compact names, folded lines, spaces, bare line feeds, broken
fields that nobody needs), and strict in what makes a response ours.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from netwatch import __version__
from netwatch.probes.sip.fields import (
    MalformedFieldError,
    cseq,
    headers,
    number,
    only,
    tag,
    top_via,
    unfolded,
)

MAX_HEAD = 16384
"""Octets of start line and headers; more is not read."""

MAX_BODY = 65535
"""Octets of a body that is skipped on TCP; an endpoint's SDP has about a thousand."""

MAX_LENGTH_DIGITS = 6
"""Of a Content-Length."""

_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6][0-9]{2})(?: (.*))?", re.IGNORECASE)
_REQUEST_LINE = re.compile(r"[!-~]+ [!-~]+ SIP/2\.0", re.IGNORECASE)
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class OptionsRequest:
    """What makes a request ours; an answer repeats it.

    Attributes:
        transport: ``udp``, ``tcp`` or ``tls``.
        local: address and port that it is sent from.
    """

    transport: str
    local: tuple[str, int]
    branch: str
    call_id: str
    tag: str


@dataclass(frozen=True, slots=True)
class SipResponse:
    """The parts of a response that are looked at.

    Attributes:
        status: 100 to 699.
        reason: its phrase, as the endpoint wrote it.
        sent_by, branch: of the topmost Via.
        vias: how many Via values there are.
        body: octets that Content-Length says follow the head; None where it says nothing that can
            be read.
        following: octets that do follow it.
    """

    status: int
    reason: str
    sent_by: str
    branch: str
    vias: int
    call_id: str
    cseq: tuple[int, str]
    from_tag: str
    body: int | None
    following: int


def new_request(transport: str, local: tuple[str, int]) -> OptionsRequest:
    """Identifiers that nobody can guess (RFC 3261, sections 8.1.1.7 and 19.3)."""
    branch = "z9hG4bK" + secrets.token_hex(12)
    return OptionsRequest(transport, local, branch, secrets.token_hex(16), secrets.token_hex(8))


def options_request(
    request: OptionsRequest, destination: tuple[str, int], user: str | None
) -> bytes:
    """An OPTIONS request of RFC 3261, section 11.1; ``user`` None asks for the server itself."""
    here = _host_port(request.local)
    uri = f"sip:{f'{user}@' if user else ''}{_host_port(destination)}"
    via = f"SIP/2.0/{request.transport.upper()} {here};branch={request.branch};rport"
    transport = "" if request.transport == "udp" else f";transport={request.transport}"
    lines = (
        f"OPTIONS {uri} SIP/2.0",
        f"Via: {via}",
        "Max-Forwards: 70",
        f"From: <sip:netwatch@{here}>;tag={request.tag}",
        f"To: <{uri}>",
        f"Call-ID: {request.call_id}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:netwatch@{here}{transport}>",
        "Accept: application/sdp",
        f"User-Agent: netwatch/{__version__}",
        "Content-Length: 0",
    )
    return "\r\n".join((*lines, "", "")).encode()


def parse_response(data: bytes) -> SipResponse | None:
    """The response at the beginning of ``data``; None when there is none that can be trusted.

    None is also for requests, for a missing or doubled field that a response must have once, and
    for everything beyond the limits of this file. Fields that nobody needs may be malformed.
    """
    try:
        return _read(data)
    except MalformedFieldError:
        return None


def names(data: bytes, request: OptionsRequest) -> bool:
    """Whether a datagram repeats what only an answer to this request can know.

    It is asked before anything is parsed.
    """
    return request.branch.encode() in data and request.call_id.encode() in data


def complaint(data: bytes) -> str:
    """Why ``parse_response`` makes nothing of a response; empty for what is no response at all."""
    try:
        _read(data)
    except MalformedFieldError as error:
        return str(error)
    return ""


def body_of_another(head: bytes, request: OptionsRequest) -> int | None:
    """Octets of the body behind this head, when the message has nothing to do with our request.

    A peer may ask us, too, on the same connection (section 18.1), and answer what others asked.
    None: it answers our request, or it is no message of SIP.
    """
    lines = unfolded(head.lstrip(b"\r\n").decode("utf-8", "replace").rstrip("\r\n"))
    if _REQUEST_LINE.fullmatch(lines[0]):
        return _body_length(headers(lines[1:])) or 0
    if _STATUS_LINE.fullmatch(lines[0]) and not names(head, request):
        return _body_length(headers(lines[1:])) or 0
    return None


def is_final_answer(response: SipResponse, request: OptionsRequest) -> bool:
    """Whether a response ends this request: section 17.1.3, and 8.1.3.3 and 18.1.2 before it."""
    return (
        response.status >= 200
        and response.branch == request.branch
        and response.sent_by.lower() == _host_port(request.local).lower()
        and response.vias == 1
        and response.call_id == request.call_id
        and response.cseq == (1, "OPTIONS")
        and response.from_tag == request.tag
    )


def _host_port(end: tuple[str, int]) -> str:
    host, port = end
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _body_length(found: dict[str, list[str]]) -> int | None:
    """What Content-Length says; None where that can't be read."""
    length = found.get("content-length", [""])
    return number(length[0], MAX_LENGTH_DIGITS) if len(set(length)) == 1 else None


def _read(data: bytes) -> SipResponse:
    """The response; raises MalformedFieldError, without a text for what is no response at all."""
    octets = data.lstrip(b"\r\n")
    end = _EMPTY_LINE.search(octets)
    head = octets[: end.start()] if end else octets
    lines = unfolded(head.decode("utf-8", "replace")) if len(head) <= MAX_HEAD else [""]
    status_line = _STATUS_LINE.fullmatch(lines[0])
    if status_line is None:
        raise MalformedFieldError
    found = headers(lines[1:])
    via = top_via(found.get("via", []))
    return SipResponse(
        status=int(status_line[1]),
        reason=(status_line[2] or "").strip(),
        sent_by=via.sent_by,
        branch=via.branch,
        vias=via.total,
        call_id=only(found, "call-id"),
        cseq=cseq(only(found, "cseq")),
        from_tag=tag(only(found, "from")),
        body=_body_length(found),
        following=len(octets) - end.end() if end else 0,
    )
