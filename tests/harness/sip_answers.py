"""Responses to an OPTIONS request, as endpoints write them and as they should not."""

from __future__ import annotations

import re

from netwatch.probes.sip.message import OptionsRequest

QUESTION = OptionsRequest("udp", ("192.0.2.1", 5070), "z9hG4bKabc", "call", "tag1")


def echoed(request: bytes) -> dict[str, str]:
    """The header fields of a request that a response repeats."""
    found = re.findall(r"(?m)^(Via|From|To|Call-ID|CSeq): (.*)\r$", request.decode())
    return dict(found)


def response(status: str = "200 OK", *extra: str, body: str = "", **fields: str) -> bytes:
    """A response to QUESTION; `fields` replace the fields of the same name (_ for -)."""
    values = {
        "Via": "SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKabc;rport=5070;received=192.0.2.1",
        "From": "<sip:netwatch@192.0.2.1:5070>;tag=tag1",
        "To": "<sip:192.0.2.9>;tag=other",
        "Call-ID": "call",
        "CSeq": "1 OPTIONS",
    }
    values |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"SIP/2.0 {status}", *(f"{n}: {v}" for n, v in values.items() if v), *extra]
    return "\r\n".join((*lines, "", body)).encode()


def reply_to(request: bytes, status: str = "200 OK", **changes: str) -> bytes:
    """A response to a request that came over a socket."""
    return response(status, **(echoed(request) | {"Content_Length": "0"} | changes))
