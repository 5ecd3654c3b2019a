"""What netwatch exports of 116 real devices is what net-snmp reads from them, value by value."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from netwatch.core.result import Outcome
from tests.harness.recordings import Recording, made_up, recordings
from tests.recorded.agent import Player, player
from tests.recorded.compare import compare

pytestmark = pytest.mark.slow

RECORDINGS = recordings()

EMPTY = {"camera/hikvision", "unclassified/02", "unclassified/03"}
"""Recordings that have none of the objects, not even sysUpTime."""

MAKERS = {
    "network/switch/cisco-c3560": "cisco",
    "network/router/huawei-s5720": "huawei",
    "network/switch/h3c-e528-1": "h3c",
    "network/switch/h3c-comware-7-1-075": "h3c",
    "network/router/juniper-mx960-12-3r6-6": "juniper",
    "network/switch/ruijie-s5750-24gt12sfp": "ruijie",
    "network/switch/dlink-des3200": "dlink",
    "network/firewall/fortinet-xcu": "fortinet",
    "network/firewall/sangfor-ad1800-fp2": "sangfor",
    "os/linux/slackware": "ucd_snmp",
}
"""Recordings of which a maker's profile, or UCD-SNMP-MIB, must give something."""


@pytest.fixture(scope="module")
def playing() -> Iterator[Player]:
    with player() as started:
        yield started


def test_there_are_recordings() -> None:
    assert len(RECORDINGS) >= 116
    assert MAKERS.keys() | EMPTY <= {recording.name for recording in RECORDINGS}


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.name)
async def test_every_value_is_the_one_that_snmpbulkwalk_reads(
    recording: Recording, playing: Player, capfd: pytest.CaptureFixture[str]
) -> None:
    found = await compare(playing.play(recording))
    assert not found.differences
    assert found.result.outcome is Outcome.SUCCESS
    assert bool(found.exported) == (recording.name not in EMPTY)
    assert not found.result.detail or recording.name in EMPTY
    if maker := MAKERS.get(recording.name):
        assert found.by_profile[maker] > 0
    assert not capfd.readouterr().err


@pytest.mark.parametrize("recording", made_up(), ids=lambda recording: recording.name)
async def test_a_device_that_does_everything_wrong_is_read_as_snmpbulkwalk_reads_it(
    recording: Recording, playing: Player, capfd: pytest.CaptureFixture[str]
) -> None:
    found = await compare(playing.play(recording))
    assert not found.differences
    assert not found.profiles, "nobody made a profile for it"
    assert (found.result.outcome, found.result.detail) == (Outcome.SUCCESS, "")
    assert found.exported > 15
    assert not capfd.readouterr().err
