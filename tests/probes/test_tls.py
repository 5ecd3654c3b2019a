from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from netwatch.core.result import Result
from netwatch.probes.certificates import CERTIFICATE_END
from netwatch.probes.tls import PROBE, TlsParams
from tests.harness.servers import (
    ADDRESS,
    NAME,
    UNFIT,
    Authority,
    Handler,
    measure,
    said,
    served,
    silent,
)

pytestmark = pytest.mark.slow


async def shake(authority: Authority, names: list[str], **changes: object) -> Result:
    """Against a server whose certificate is for these names, asked for ``NAME``."""
    days = {key: changes.pop(key) for key in ("begin", "end", "own") if key in changes}
    tls = authority.context(names, **days)  # type: ignore[arg-type]  # as the caller says
    async with served(silent, tls=tls) as port:
        keys = {"port": port, "ca": str(authority.bundle), "name": NAME, **changes}
        return await measure(PROBE, keys)


async def test_a_sound_certificate_is_a_success_and_tells_its_end(authority: Authority) -> None:
    result = await shake(authority, [NAME], end=30)
    assert said(result) == ("success", "ok")
    (fact,) = result.facts
    assert fact.name == CERTIFICATE_END.name
    assert fact.value == pytest.approx(time.time() + 30 * 86400, abs=60)


@pytest.mark.parametrize("address", [ADDRESS, "::1"])
async def test_without_a_name_it_is_for_the_address(authority: Authority, address: str) -> None:
    async with served(silent, address, authority.context([address])) as port:
        result = await measure(PROBE, {"port": port, "ca": str(authority.bundle)}, address)
    assert said(result) == ("success", "ok")


@pytest.mark.parametrize(
    ("names", "changes", "reason"),
    [
        ([NAME], {"begin": -9, "end": -1}, "certificate_expired"),
        ([NAME], {"begin": 1, "end": 9}, "certificate_invalid"),
        (["other.test"], {}, "certificate_invalid"),
        ([ADDRESS], {}, "certificate_invalid"),
        ([NAME], {"own": True}, "certificate_invalid"),
        ([NAME], {"ca": "system"}, "certificate_invalid"),
    ],
)
async def test_what_is_wrong_with_a_certificate(
    authority: Authority, names: list[str], changes: dict[str, object], reason: str
) -> None:
    result = await shake(authority, names, **changes)
    assert said(result) == ("failure", reason)
    assert result.detail
    (fact,) = result.facts  # the certificate that was refused is told all the same
    assert fact.name == CERTIFICATE_END.name
    assert fact.value == pytest.approx(
        time.time() + float(str(changes.get("end", 90))) * 86400, abs=60
    )


@pytest.mark.parametrize(("handler", "reason"), UNFIT)
async def test_what_is_no_tls(handler: Handler, reason: str) -> None:
    async with served(handler) as port:
        result = await measure(PROBE, {"port": port})
    assert said(result) == ("failure", reason)


async def test_a_handshake_in_crumbs_is_a_tarpit() -> None:
    async def crumbs(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x16\x03\x03\x40\x00")  # a record of 16 KiB, which never comes
        while True:
            writer.write(b"\x02")
            await asyncio.sleep(0.05)

    async with served(crumbs) as port:
        result = await measure(PROBE, {"port": port})
    assert said(result) == ("failure", "tarpit")


@pytest.mark.parametrize(
    "keys",
    [
        {"name": "a b"},
        {"name": ""},
        {"name": "x" * 64 + ".vn"},
        {"port": 0},
        {"ca": "/nonexistent.pem"},
        {"ca": "/dev/null"},
        {"ca": "\0"},
        {"ca": "/proc/self/environ"},
    ],
)
def test_what_is_refused_at_load(keys: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TlsParams.model_validate(keys)


async def test_a_bundle_that_changes_is_read_anew(authority: Authority, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    other = tmp_path / "other"
    other.mkdir()
    bundle.write_bytes(Authority(other).bundle.read_bytes())
    async with served(silent, tls=authority.context([NAME])) as port:
        keys = {"port": port, "name": NAME, "ca": str(bundle)}
        assert said(await measure(PROBE, keys)) == ("failure", "certificate_invalid")
        bundle.write_bytes(authority.bundle.read_bytes() + b"\n")
        assert said(await measure(PROBE, keys)) == ("success", "ok")
