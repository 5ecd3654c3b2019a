from __future__ import annotations

from netwatch.net.errors import NetworkError
from netwatch.probes.sip.message import complaint, parse_response
from netwatch.probes.sip.probe import _answer
from tests.harness.sip_answers import QUESTION, response
from tests.readers.registry import Reader


def read(data: bytes) -> None:
    _answer(data, QUESTION)
    if parse_response(data) is None:
        complaint(data)


READERS = [
    Reader(
        "sip",
        read,
        max_octets=65535,
        datagram=True,
        refuses=(NetworkError,),
        tokens=(
            b"v: SIP/2.0/UDP a;branch=b\r\n",
            b"\r\n ",
            b";tag=",
            b"SIP/",
            b"Via: ",
            b"l: 1\r\n",
        ),
        seeds=(
            response(),
            response("200 OK", "Content-Length: 0", From='"a" <sip:x@y;a=b>;tag=tag1'),
            response().replace(b"\r\n", b"\n"),
        ),
        covers=(
            "probes.sip.message:names",
            "probes.sip.message:_read",
            "probes.sip.probe:accept",
            "probes.sip.message:parse_response",
            "probes.sip.message:complaint",
        ),
    )
]
