"""JSON and XML of meeting systems."""

from __future__ import annotations

from netwatch.adapters import DocumentError, values_at
from netwatch.probes.api.probe import MAX_BODY_OCTETS
from tests.readers.registry import Reader

JSON_PATHS = ("/a", "/a/*/b", "/*/*/*", "/a/0/b", "/*")
XML_PATHS = ("/a", "/a/b", "/a/b/c", "/response/meetings/meeting/participantCount")

READERS = [
    Reader(
        "json",
        lambda data: values_at(data, "json", JSON_PATHS),
        max_octets=MAX_BODY_OCTETS,
        refuses=(DocumentError,),
        tokens=(
            b'{"a":',
            b"[[",
            b"{},",
            b'"a":1,',
            b"1,",
            b"1e",
            b"\\u0000",
            b"[{}],",
            b'{"b":1},',
        ),
        seeds=(b'{"a": [{"b": 1}, {"b": "x"}]}', b"[[[1, 2.5e3, true]]]", b'{"a": 1}'),
        covers=("adapters.document:values_at", "adapters.document:_json", "adapters.document:read"),
    ),
    Reader(
        "xml",
        lambda data: values_at(data, "xml", XML_PATHS),
        max_octets=MAX_BODY_OCTETS,
        refuses=(DocumentError,),
        tokens=(
            b"<a>",
            b"<a/>",
            b"<a b='c'/>",
            b" b='c'",
            b"<!--",
            b"<?a?>",
            b"&amp;",
            b"<b>x</b>",
            b"<![CDATA[",
            b"<!DOCTYPE a [",
            b"<b></b>",
        ),
        seeds=(
            b"<a><b><c>1</c></b></a>",
            b"<response><meetings><meeting><participantCount/></meeting></meetings></response>",
            b"<a><" + b"n" * 90_000 + b"><b/></" + b"n" * 90_000 + b"></a>",
        ),
    ),
]
