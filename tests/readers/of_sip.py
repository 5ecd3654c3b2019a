from __future__ import annotations

import contextlib

from netwatch.net.errors import NetworkError
from netwatch.probes.sip.message import body_of_another
from netwatch.probes.sip.probe import _answer, _readable
from tests.harness.sip_answers import QUESTION, response
from tests.readers.registry import Reader


def read(data: bytes) -> None:
    with contextlib.suppress(NetworkError):
        _answer(data, QUESTION)
    body_of_another(data, QUESTION)
    _readable(data)


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
            "probes.sip.probe:_readable",
            "probes.sip.message:body_of_another",
            "probes.sip.message:parse_response",
            "probes.sip.message:complaint",
        ),
    )
]
