"""Answers of servers over TCP."""

from __future__ import annotations

from netwatch.net.errors import NetworkError
from netwatch.probes import rtsp, smtp
from tests.readers.registry import Reader

READERS = [
    Reader(
        "rtsp",
        rtsp.parse_status,
        max_octets=rtsp.MAX_HEAD + 2048,
        tokens=(b"\r\nCSeq", b"\r\nCSeq: ", b"RTSP/1.0 200 "),
        seeds=(
            b"RTSP/1.0 200 OK\r\nCSeq: 7\r\nPublic: OPTIONS\r\n\r\n",
            b"RTSP/1.0 404 No\nCseq:0\n\n",
        ),
        covers=("probes.rtsp:parse_status",),
    ),
    Reader(
        "smtp",
        smtp.parse_line,
        max_octets=smtp.MAX_LINE_OCTETS,
        refuses=(NetworkError,),
        seeds=(b"220 mail.haiduong.gov.vn ESMTP\r\n", b"250-STARTTLS\r\n", b"250\n"),
        covers=("probes.smtp:parse_line",),
    ),
]
