"""OPTIONS requests and the responses to them (RFC 3261). Pure; no I/O.

Tolerant of what real endpoints do within the grammar (compact names, folded lines, spaces), and
strict in what makes a response ours.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from netwatch import __version__

MAX_HEAD = 16384
"""Octets of start line and headers; more is not read."""

MAX_BODY = 65535
"""Octets of a body that is skipped on TCP; an endpoint's SDP has about a thousand."""

_MAX_LINES = 256

_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6][0-9]{2})(?: (.*))?", re.IGNORECASE)
_HEADER = re.compile(r"([A-Za-z0-9.!%*_+`'~-]+)[ \t]*:[ \t]*(.*)")
_VIA = re.compile(r"SIP\s*/\s*2\.0\s*/\s*(\S+)\s+([^;,]+?)\s*(;.*)?", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_CSEQ = re.compile(r"([0-9]{1,10})\s+(\S+)")
_COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "l": "content-length"}
_SINGLE = ("call-id", "cseq", "from", "content-length")
"""Fields of which two that differ make a message worthless (RFC 3261, section 7.3.1)."""


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
        body: octets that Content-Length says follow the head; None where it says nothing.
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
    for everything beyond the limits of this file.
    """
    head, _, rest = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if len(head) > MAX_HEAD:
        return None
    lines = _unfold(head.decode("utf-8", "replace"))
    status_line = _STATUS_LINE.fullmatch(lines[0]) if lines else None
    headers = _headers(lines[1:])
    if status_line is None or headers is None:
        return None
    via = _top_via(headers.get("via", []))
    cseq = _CSEQ.fullmatch(_only(headers, "cseq"))
    length = _only(headers, "content-length")
    call_id = _only(headers, "call-id")
    if via is None or cseq is None or not call_id or not re.fullmatch("[0-9]{0,6}", length):
        return None
    return SipResponse(
        status=int(status_line[1]),
        reason=(status_line[2] or "").strip(),
        sent_by=via[0],
        branch=via[1],
        vias=sum(_values(value) for value in headers["via"]),
        call_id=call_id,
        cseq=(int(cseq[1]), cseq[2]),
        from_tag=_tag(_only(headers, "from")),
        body=int(length) if length else None,
        following=len(rest),
    )


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


def _unfold(head: str) -> list[str]:
    """Header lines, each with its continuations (section 7.3.1); a few too many are left out."""
    lines: list[str] = []
    for line in re.split(r"\r?\n", head, maxsplit=_MAX_LINES):
        if line[:1] in {" ", "\t"} and lines:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines[:_MAX_LINES]


def _headers(lines: list[str]) -> dict[str, list[str]] | None:
    """Values by long, small name. None when a line is no header, or a field contradicts itself."""
    found: dict[str, list[str]] = {}
    for line in lines:
        header = _HEADER.fullmatch(line)
        if header is None:
            return None
        name = header[1].lower()
        found.setdefault(_COMPACT.get(name, name), []).append(header[2].strip())
    contradicts = any(len(set(found.get(name, ()))) > 1 for name in _SINGLE)
    return None if contradicts else found


def _only(headers: dict[str, list[str]], name: str) -> str:
    return headers.get(name, [""])[0]


def _top_via(values: list[str]) -> tuple[str, str] | None:
    """Sent-by and branch of the first Via; None when it has not the form of section 20.42."""
    value = _QUOTED.sub("", values[0]).partition(",")[0] if values else ""
    via = _VIA.fullmatch(value.strip())
    if via is None:
        return None
    branch = re.search(r";\s*branch\s*=\s*([^\s;]+)", via[3] or "", re.IGNORECASE)
    return re.sub(r"\s", "", via[2]), branch[1] if branch else ""


def _values(header: str) -> int:
    return _QUOTED.sub("", header).count(",") + 1


def _tag(address: str) -> str:
    """The tag of a From value: a parameter of the field, not of the URI within its brackets."""
    plain = _QUOTED.sub("", address)
    if '"' in plain:  # a quote without its end
        return ""
    parameters = plain.rpartition(">")[2] if "<" in plain else plain
    tag = re.search(r";\s*tag\s*=\s*([^\s;]+)", parameters, re.IGNORECASE)
    return tag[1] if tag else ""
