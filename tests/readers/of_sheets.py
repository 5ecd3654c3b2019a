"""CSV files, pages of NetBox, kept sweeps; workbooks are read in a process with bounds."""

from __future__ import annotations

from netwatch.core.errors import ConfigError
from netwatch.discovery.progress import MAX_OCTETS, parse_progress
from netwatch.imports.delimited import read_delimited
from netwatch.imports.netbox.client import MAX_PAGE_OCTETS, parse_page
from netwatch.imports.sheets import SheetError
from tests.readers.registry import Reader

READERS = [
    Reader(
        "delimited",
        lambda data: read_delimited(data, "a"),
        max_octets=1 << 18,
        refuses=(SheetError,),
        tokens=(b'"a;b";', b'"";', b"a;", b"\n", b'"', b"sep=;\n", b"\0a", b"a\0\n\0"),
        seeds=(
            "Tên đơn vị;Cấp\nXã An Lâm;Xã\n".encode(),
            "Tên,Cấp\n".encode("utf-16"),
            b"a,b\n\xd0\xec;1\n",
        ),
        max_cpu=2.0,  # by a process of its own
        covers=("imports.delimited:read_delimited", "imports.delimited:_decoded"),
    ),
    Reader(
        "netbox",
        lambda data: parse_page(data, "netbox"),
        max_octets=MAX_PAGE_OCTETS >> 6,
        refuses=(ConfigError,),
        tokens=(b'{"id":1},', b"[", b'{"a":', b"1e9,", b"\\u0000"),
        seeds=(b'{"count":1,"next":null,"results":[{"id":1}]}', b'{"count":0,"results":[]}'),
        max_cpu=2.0,  # by a command that waits for it alone
        covers=("imports.netbox.client:parse_page",),
    ),
    Reader(
        "sweep",
        parse_progress,
        max_octets=MAX_OCTETS >> 5,
        tokens=(b'"1",', b"[", b'{"a":', b"1e9,"),
        seeds=(b'{"ranges":["a"],"round":1,"asked":0,"answered":["b"]}',),
        max_cpu=2.0,  # the operator's own, by a command that waits for it alone
        covers=("discovery.progress:parse_progress",),
    ),
]
