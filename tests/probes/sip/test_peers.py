"""The probe against real SIP servers: kamailio, baresip, sipp."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from netwatch.core.result import Outcome, Reason
from netwatch.probes.sip import PROBE
from tests.harness.probe_bench import Bench, running
from tests.harness.processes import certify, is_bound, process
from tests.harness.requirements import require_tool

pytestmark = pytest.mark.slow

KAMAILIO, BARESIP, SIPP = "127.7.1.1", "127.7.1.2", "127.7.1.3"

ROUTES = """\
#!KAMAILIO
children=1
tcp_children=1
log_stderror=yes
enable_tls=yes
listen=udp:{address}:5060
listen=tcp:{address}:5060
listen=tls:{address}:5061
loadmodule "tls.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "siputils.so"
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "private_key", "{directory}/key.pem")
modparam("tls", "certificate", "{directory}/cert.pem")
request_route {{
  if ($rU == "busy") {{ sl_send_reply("486", "Busy Here"); exit; }}
  if ($rU == "off") {{ sl_send_reply("480", "Temporarily Unavailable"); exit; }}
  if ($rU == "full") {{ sl_send_reply("503", "Service Unavailable"); exit; }}
  if ($rU != $null) {{ sl_send_reply("404", "Not Found"); exit; }}
  sl_send_reply("200", "OK");
}}
"""

SCENARIO = """\
<?xml version="1.0" encoding="UTF-8"?>
<scenario name="tries, and is slow">
  <recv request="OPTIONS"/>
  <send><![CDATA[
SIP/2.0 100 Trying
[last_Via:]
[last_From:]
[last_To:];tag=[call_number]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
  <pause milliseconds="700"/>
  <send><![CDATA[
SIP/2.0 480 Do Not Disturb
[last_Via:]
[last_From:]
[last_To:];tag=[call_number]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
"""


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running(PROBE) as bench:
        yield bench


@pytest.fixture(scope="module")
def kamailio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = require_tool("kamailio")
    directory = tmp_path_factory.mktemp("kamailio")
    certify(directory)
    (directory / "config").write_text(ROUTES.format(address=KAMAILIO, directory=directory))
    command = [program, "-DD", "-E", "-m", "16", "-M", "4", "-f", "config", "-Y", str(directory)]
    with process(command, directory, lambda: is_bound(KAMAILIO, 5061, "tcp")):
        yield KAMAILIO


@pytest.fixture(scope="module")
def baresip(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = require_tool("baresip")
    directory = tmp_path_factory.mktemp("baresip")
    modules = "".join(f"module {name}.so\n" for name in ("account", "g711"))
    paths = next(Path("/usr/lib").rglob("baresip/modules"))
    (directory / "config").write_text(
        f"sip_listen {BARESIP}:5060\nmodule_path {paths}\n{modules}module_app menu.so\n"
    )
    (directory / "accounts").write_text(f"<sip:room@{BARESIP}>;regint=0\n")
    command = [program, "-f", str(directory), "-t", "600"]
    with process(command, directory, lambda: is_bound(BARESIP, 5060, "tcp")):
        yield BARESIP


KAMAILIO_SAYS = [
    (None, 200, {"ready": 1}),
    ("busy", 486, {"ready": 0, "in_call": 1}),
    ("off", 480, {"ready": 0}),
    ("full", 503, {"ready": 0}),
    ("nobody", 404, {"ready": 0}),
]


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
@pytest.mark.parametrize("said", KAMAILIO_SAYS, ids=lambda said: said[1])
async def test_kamailio(
    bench: Bench, kamailio: str, transport: str, said: tuple[str | None, int, dict[str, float]]
) -> None:
    user, status, facts = said
    # Its handshakes begin a moment after it listens.
    for _ in range(100):
        result = await bench.measure(kamailio, transport=transport, user=user)
        if result.reason in {Reason.OK, Reason.UNEXPECTED_ANSWER}:
            break
        await asyncio.sleep(0.2)
    assert bench.last == {"reachable": 1, "stack_alive": 1, "sip_status": status, **facts}
    assert (result.outcome is Outcome.SUCCESS) == (status != 503)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_baresip_is_ready_for_its_own_user_only(
    bench: Bench, baresip: str, transport: str
) -> None:
    result = await bench.measure(baresip, transport=transport, user="room")
    assert (result.outcome, bench.last["sip_status"], bench.last["ready"]) == (
        Outcome.SUCCESS,
        200,
        1,
    )
    await bench.measure(baresip, transport=transport, user="nobody")
    assert (bench.last["sip_status"], bench.last["ready"]) == (404, 0)
    await bench.measure(baresip, transport=transport)
    assert bench.last == {"reachable": 1, "stack_alive": 1, "sip_status": 404}


async def test_sipp_that_tries_first_and_answers_late(bench: Bench, tmp_path: Path) -> None:
    program = require_tool("sipp")
    (tmp_path / "scenario.xml").write_text(SCENARIO)
    command = [program, "-sf", "scenario.xml", "-i", SIPP, "-p", "5060", "-m", "1", "-nostdin"]
    with process(command, tmp_path, lambda: is_bound(SIPP, 5060, "udp")):
        result = await bench.measure(SIPP, timeout=4, user="room")
    assert bench.last == {"reachable": 1, "stack_alive": 1, "ready": 0, "sip_status": 480}
    assert result.detail.startswith("480 Do Not Disturb")
