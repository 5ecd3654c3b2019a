"""The same made-up devices, served by snmpsim: an agent that none of us has written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from netwatch.core.result import Outcome
from tests.harness.ports import free_udp_port
from tests.harness.recordings import Recording, made_up
from tests.harness.snmpd import wait_until_bound
from tests.recorded.agent import COMMUNITY
from tests.recorded.compare import compare

pytestmark = pytest.mark.slow

RAW = "made_up/numbers-not-in-the-shortest-form"
"""Its numbers are octets as they go over the wire, which snmpsim can't send."""


@contextmanager
def simulated(recording: Recording, home: Path) -> Iterator[int]:
    """The port on which snmpsim plays a recording."""
    data = home / "data"
    data.mkdir()
    shutil.copy(recording.file, data / f"{COMMUNITY}.snmprec")
    port = free_udp_port()
    command = [
        str(Path(sys.executable).with_name("snmpsim-command-responder")),
        f"--data-dir={data}",
        f"--cache-dir={home / 'cache'}",
        f"--agent-udpv4-endpoint=127.0.0.1:{port}",
    ]
    if os.geteuid() == 0:  # it does not run as root unless it is told to
        command += ["--process-user=root", "--process-group=root"]
    log = home / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
    try:
        wait_until_bound(port, process, log)
        yield port
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize(
    "recording",
    [recording for recording in made_up() if recording.name != RAW],
    ids=lambda recording: recording.name,
)
async def test_what_snmpsim_plays_is_read_as_snmpbulkwalk_reads_it(
    recording: Recording, tmp_path: Path
) -> None:
    with simulated(recording, tmp_path) as port:
        found = await compare(port)
    assert not found.differences
    assert (found.result.outcome, found.result.detail) == (Outcome.SUCCESS, "")
    assert found.exported > 15
