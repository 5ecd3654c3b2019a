"""TLS of the web server, by curl and openssl."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from tests.harness.certificates import renew
from tests.harness.handshakes import s_client, serial, until_serial_is_not
from tests.harness.requirements import require_tool
from tests.harness.served import CLIENTS, TLS, make_certificates, run, served

pytestmark = pytest.mark.slow


@pytest.fixture
def tls(tmp_path: Path) -> Path:
    return make_certificates(tmp_path, "prometheus", "other")


async def curl(tls: Path, port: int, *options: str) -> tuple[int, str]:
    """Status of curl, and the page's status or what curl complained of."""
    command = [
        "curl",
        "--silent",
        "--show-error",
        "--max-time",
        "30",
        "--cacert",
        str(tls / "ca.crt"),
    ]
    url = f"https://127.0.0.1:{port}/metrics"
    written = ["--output", os.devnull, "--write-out", "%{http_code}"]
    return await asyncio.to_thread(run, require_tool("curl"), *command[1:], *written, *options, url)


def certificate(tls: Path, name: str) -> list[str]:
    return ["--cert", str(tls / f"{name}.crt"), "--key", str(tls / f"{name}.key")]


async def test_tls_1_2_and_1_3_are_spoken_and_nothing_older(tls: Path) -> None:
    async with served(tls, TLS) as server:
        assert await curl(tls, server.port) == (0, "200")
        assert await curl(tls, server.port, "--tlsv1.2", "--tls-max", "1.2") == (0, "200")
        for old in ("-tls1", "-tls1_1"):
            said = await s_client(server.port, old, "-cipher", "ALL:@SECLEVEL=0")
            assert "Cipher is (NONE)" in said
        assert server.refused("tls") >= 2


async def test_no_renegotiation_and_only_the_suites_that_are_named(tls: Path) -> None:
    suite = "  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n"
    async with served(tls, TLS + suite) as server:
        said = await s_client(server.port, "-tls1_2")
        assert "Cipher is ECDHE-ECDSA-AES256-GCM-SHA384" in said
        refused = await s_client(server.port, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")
        assert "Cipher is (NONE)" in refused
        command = [require_tool("openssl"), "s_client", "-tls1_2", "-connect"]
        asked = await asyncio.to_thread(run, *command, f"127.0.0.1:{server.port}", text="R\n")
        assert "no renegotiation" in asked[1]


async def test_plain_http_gets_nothing(tls: Path) -> None:
    async with served(tls, TLS) as server:
        status, _ = await asyncio.to_thread(
            run, require_tool("curl"), "--silent", f"http://127.0.0.1:{server.port}/metrics"
        )
        assert status != 0


async def test_only_clients_of_the_authority_are_served(tls: Path, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    foreign = make_certificates(tmp_path / "theirs", "prometheus")
    async with served(tls, TLS + CLIENTS) as server:
        assert await curl(tls, server.port, *certificate(tls, "prometheus")) == (0, "200")
        for options in ([], certificate(foreign, "prometheus")):
            status, said = await curl(tls, server.port, *options)
            assert status != 0
            assert said.startswith("000")


async def test_only_the_names_that_are_allowed_are_served(tls: Path) -> None:
    async with served(tls, TLS + CLIENTS + "  client_allowed_sans: [prometheus]\n") as server:
        assert await curl(tls, server.port, *certificate(tls, "prometheus")) == (0, "200")
        status, said = await curl(tls, server.port, *certificate(tls, "other"))
        assert status != 0
        assert said.startswith("000")
        assert server.refused("tls") == 1


async def test_a_certificate_may_be_left_out_but_not_be_wrong(tls: Path, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    foreign = make_certificates(tmp_path / "theirs", "prometheus")
    optional = CLIENTS.replace("RequireAndVerifyClientCert", "VerifyClientCertIfGiven")
    async with served(tls, TLS + optional) as server:
        assert await curl(tls, server.port) == (0, "200")
        assert (await curl(tls, server.port, *certificate(foreign, "prometheus")))[0] != 0


async def test_a_renewed_certificate_is_shown_without_a_restart(tls: Path, tmp_path: Path) -> None:
    renew(shutil.copytree(tls, tmp_path / "new"))
    async with served(tls, TLS) as server:
        first = await serial(server.port)
        # A broken one changes nothing, and is told.
        (tls / "gate.crt").write_text("garbage", encoding="utf-8")
        await server.until_told("netwatch_web_config_last_reload_successful", 0)
        assert await serial(server.port) == first
        for name in ("gate.crt", "gate.key"):
            (tmp_path / "new" / name).rename(tls / name)
        second = await until_serial_is_not(server.port, first)
        assert second.startswith("serial=")
        assert await curl(tls, server.port) == (0, "200")
        assert server.value("netwatch_web_config_last_reload_successful") == 1
