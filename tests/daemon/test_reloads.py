"""Reload after reload, every second one of a file that is wrong: no slot is lost by them."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path
from socket import socket

import pytest

from tests.daemon.running import Running
from tests.harness.broken import BROKEN

pytestmark = pytest.mark.slow

SITES = 40
INTERVAL = 2.0
ROUNDS = 3
"""Times that each kind of broken file is tried; ``tests.bench.reloads`` tries a thousand."""

SITE = "  site-{0}: {{tier: district, name_vi: Huyện {0}, targets: {{server: 127.9.0.{0}}}}}\n"
SLOTS = re.compile(r'^netwatch_slots_total\{outcome="(\w+)",probe="tcp"\} (\S+)$', re.MULTILINE)


class Province(Running):
    """Many sites, of which one has a server."""

    def write(self, text: str) -> None:
        sites = "".join(map(SITE.format, range(1, SITES + 1)))
        super().write(text.replace("200ms", f"{INTERVAL:g}s").replace("150ms", "1s") + sites)

    def slots(self) -> tuple[float, float, float]:
        """When counting began and ended (monotonic), and how many slots were due until then."""
        began = time.monotonic()
        counted = dict(SLOTS.findall(self.get("/metrics")))
        assert counted.keys() == {"run", "late", "skipped"}
        return began, time.monotonic(), sum(map(float, counted.values()))

    def reload(self, text: str) -> float | None:
        """Reload with this file; returns 1 if it was taken over."""
        (self.inventory / "province.yaml").write_text(text, encoding="utf-8")
        self.process.send_signal(signal.SIGHUP)
        self.wait_for("READY=1")
        return self.metric("netwatch_config_last_reload_successful")


def test_broken_files_are_refused_and_no_slot_is_lost(tmp_path: Path, server: socket) -> None:
    daemon = Province(tmp_path, server.getsockname()[1])
    daemon.wait_for("READY=1")
    sound = (daemon.inventory / "province.yaml").read_text(encoding="utf-8")
    began, first, before = daemon.slots()
    for turn in range(ROUNDS):
        for kind, broken in BROKEN.items():
            assert daemon.reload(broken(sound)) == 0.0, kind
            assert daemon.reload(sound.replace("Huyện 7,", f"Huyện 7 ({turn} {kind}),")) == 1.0
    last, ended, after = daemon.slots()
    checks = SITES + 1
    rounds = (after - before) / checks
    assert (last - first) / INTERVAL - 1 <= rounds <= (ended - began) / INTERVAL + 1
    assert len(re.findall("reload refused", daemon.stop())) >= ROUNDS * len(BROKEN)


def test_a_hundred_of_its_mistakes_are_told_and_how_many_more(
    tmp_path: Path, server: socket
) -> None:
    daemon = Province(tmp_path, server.getsockname()[1])
    daemon.wait_for("READY=1")
    sound = (daemon.inventory / "province.yaml").read_text(encoding="utf-8")
    more = "".join(SITE.format(number).replace("district", "0") for number in range(100, 230))
    assert daemon.reload(sound + more) == 0.0
    said = daemon.stop()
    assert said.count("reload refused") == 100
    assert "and 30 more: netwatch check tells all" in said
