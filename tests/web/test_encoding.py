"""Which coding an answer has: RFC 9110, section 12.5.3."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwatch.web.encoding import choose_coding, compress
from tests.web.client import fetch

CASES = {
    # What Prometheus, curl --compressed and a browser send.
    "gzip": "gzip",
    "deflate, gzip, br, zstd": "gzip",
    "gzip, deflate, br, zstd": "gzip",
    "deflate, GZIP;q=0.5": "gzip",
    "x-gzip": "gzip",
    "*": "gzip",
    "gzip;q=0.001": "gzip",
    "gzip ; q=0.5 ,\tidentity; q=0.5": "gzip",
    "identity;q=0, *;q=0.1": "gzip",
    "": "identity",
    "identity": "identity",
    "br": "identity",
    "xgzip": "identity",
    "gzip;q=0": "identity",
    "gzip; q=0.000": "identity",
    "gzip;q=0, *": "identity",
    "gzip;q=0.5, identity": "identity",
    "gzip;q=0.2, *;q=0.3": "identity",
    "*;q=0, identity;q=0.1": "identity",
    "identity;q=0": None,
    "*;q=0": None,
    "br, identity;q=0": None,
    "gzip;q=0, identity;q=0.0": None,
    # Not well-formed: passed over.
    "gzip;q=2": "identity",
    "gzip;q=-1": "identity",
    "gzip;q=0.1234": "identity",
    "gzip;level=9": "identity",
    "gzip gzip": "identity",
    "gzip;q=\u0661": "identity",
    "identity;q=nan": "identity",
    ",,gzip,": "gzip",
}


@pytest.mark.parametrize(("header", "coding"), CASES.items())
def test_the_coding_is_what_the_client_prefers(header: str, coding: str | None) -> None:
    assert choose_coding(header) == coding


@given(st.one_of(st.text(), st.text("gzipdentyx*;q=01.,- \t", max_size=60)))
def test_any_header_gets_an_answer(header: str) -> None:
    coding = choose_coding(header)
    if "q" not in header.lower():
        assert coding is not None, "nothing was ruled out"
    if not any(word in header.lower() for word in ("gzip", "*")):
        assert coding != "gzip", "nobody asked for it"


@given(st.lists(st.binary(max_size=2000), max_size=20))
async def test_what_is_packed_is_unpacked(blocks: list[bytes]) -> None:
    async def made() -> AsyncIterator[bytes]:
        for block in blocks:
            yield block

    packed = await compress(made())
    assert gzip.decompress(b"".join(packed)) == b"".join(blocks)
    assert all(packed)


@pytest.mark.parametrize("path", ["/metrics", "/status.json", "/", "/static/page.js"])
async def test_not_acceptable_only_when_all_is_ruled_out(port: int, path: str) -> None:
    response, _ = await fetch(port, path, **{"Accept-Encoding": "identity;q=0"})
    assert response.status == 406
    response, body = await fetch(port, path, **{"Accept-Encoding": "identity;q=0, gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    response, plain = await fetch(port, path)
    assert "Content-Encoding" not in response.headers
    if path != "/status.json":
        assert gzip.decompress(body) == plain
