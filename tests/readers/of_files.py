"""Files: the inventory, and announced maintenance."""

from __future__ import annotations

from netwatch.audit import seen
from netwatch.core.errors import ConfigError
from netwatch.history import store as history
from netwatch.history.columns import DayColumns
from netwatch.inventory.yaml import MAX_BYTES, parse
from netwatch.maintenance import announcements
from netwatch.web import outline
from tests.readers.registry import Reader

RECURRING = (
    b'{"id":"a","kind":"branch","name":"b","begins":1,"ends":2,"reason":"c","author":"d",'
    b'"repeat":"FREQ=WEEKLY;BYDAY=SA","lasts":3600}'
)

READERS = [
    Reader(
        "inventory",
        lambda data: parse(data, "f.yaml"),
        max_octets=MAX_BYTES >> 8,
        refuses=(ConfigError,),
        tokens=(
            b"- ",
            b"? ",
            b"[",
            b"{",
            b"&a ",
            b"*a ",
            b"!!x ",
            b"a: ",
            b"\n - ",
            b"a: b\n",
            b"? [",
            b"{a: ",
        ),
        seeds=(b"sites:\n  - id: a\n    name: 'x'\n", b"? [a, b]\n: c\n", b"a: &x [1]\nb: *x\n"),
        max_cpu=5.0,  # read at start, and in a thread at a reload; it is the operator's own
        covers=("inventory.yaml:parse",),
    ),
    Reader(
        "history",
        history.decode,
        max_octets=1 << 18,
        refuses=(ValueError,),
        tokens=(b'"",', b'["', b"{", b"\0\x3c", b'"a",'),
        seeds=(
            history.encode(DayColumns(["a"], 5)),
            b'{"format": 1, "seconds": 300, "step": 1, "sites": []}\n',
            b'{"format": 1, "seconds": 300, "step": 1, "sites": ["a"]}\n' + b"\x07" * 2016,
        ),
        covers=("history.store:decode",),
    ),
    Reader(
        "outline",
        outline.parse_outline,
        max_octets=outline.MAX_OUTLINE_OCTETS >> 2,
        refuses=(outline.OutlineError,),
        tokens=(
            b"[1,2],",
            b"[",
            b'{"type":"GeometryCollection","geometries":[',
            b'{"type":"Feature","geometry":',
            b'{"type":"Point"},',
            b"1e9,",
        ),
        seeds=(
            b'{"type":"Polygon","coordinates":[[[106,20],[107,20],[107,21],[106,20]]]}',
            b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null}]}',
        ),
        max_cpu=0.5,  # read in a thread, at most once a minute; it is the operator's own
        covers=("web.outline:parse_outline",),
    ),
    Reader(
        "seen",
        seen.decode,
        max_octets=1 << 18,
        refuses=(ValueError,),
        tokens=(b'\n["a","b",{}]', b"[", b"{", b'{"a":1,', b"\n", b"\n[1,2,3]"),
        seeds=(
            b'{"f": 1796054400.0}\n["flow", "f", {"expect": "blocked"}]\n["site", "a", {}]',
            b"{}",
        ),
        max_cpu=0.5,  # its own file, read in a thread once, at the start
        covers=("audit.seen:decode",),
    ),
    Reader(
        "announcements",
        announcements.parse,
        max_octets=announcements.MAX_OCTETS,
        refuses=(ConfigError, ValueError),
        tokens=(b"0,", b"{},", b"[", b'{"id":1},', RECURRING + b","),
        seeds=(
            b'[{"id":"a","kind":"site","name":"b","begins":1,"ends":2,"reason":"c"}]',
            b"[" + RECURRING + b"]",
            b"[" + b"0," * 100 + b"0]",
        ),
        covers=("maintenance.announcements:parse",),
    ),
]
