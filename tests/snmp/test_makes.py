"""A made-up device of each make: what its profile must read of it, unit by unit.

``makes/NAME.snmprec`` has the objects as the maker's MIB lays them out, ``makes/NAME.prom`` the
series that must come of them. Nothing else may come of the maker's own profiles.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from netwatch.core.result import Outcome, Sample
from netwatch.snmp import load_profile, profile_names
from netwatch.snmp.load import profile_series
from tests.harness.hostile_agents import agents, play
from tests.harness.recordings import Recording
from tests.harness.snmp_polls import check, poll
from tests.harness.snmpd import COMMUNITY

FOLDER = Path(__file__).parent / "makes"
NAMES = sorted(file.stem for file in FOLDER.glob("*.snmprec"))

SHARED = {"if_mib", "system", "snmp_framework", "host_resources", "lldp"}
"""Profiles of which a device has more than what is looked at here."""

TRIED = (
    "aruba_cx",
    "check_point",
    "dahua",
    "dell_os10",
    "draytek",
    "entity_sensor",
    "fortiswitch",
    "h3c",
    "hikvision",
    "mikrotik",
    "palo_alto",
    "procurve",
    "synology",
    "tp_link",
    "vmware",
    "zte",
    "zte_access",
)
"""Profiles of which every series is tried on a made-up device."""

Series = tuple[str, frozenset[tuple[str, str]]]


def wanted(name: str) -> dict[Series, float]:
    text = (FOLDER / f"{name}.prom").read_text(encoding="utf-8")
    families = text_string_to_metric_families(text)
    return by_series(
        Sample(s.name, tuple(s.labels.items()), s.value) for f in families for s in f.samples
    )


def by_series(samples: Iterable[Sample]) -> dict[Series, float]:
    return {(sample.name, frozenset(sample.labels)): sample.value for sample in samples}


def of_makers() -> set[str]:
    """Names of the series that no profile of ``SHARED`` gives."""
    names = set(profile_names()) - SHARED
    return {series.name for name in names for series in profile_series(load_profile(name))}


@pytest.mark.parametrize("name", NAMES)
async def test_what_is_read_of_a_make(name: str) -> None:
    objects = Recording(name, FOLDER / f"{name}.snmprec").objects()
    async with agents(lambda request: play(request, objects)) as (agent,):
        result = await poll(check(agent.port, COMMUNITY, timeout=20.0))
    assert (result.outcome, result.detail) == (Outcome.SUCCESS, "")
    makers = of_makers()
    found = by_series(sample for sample in result.samples if sample.name in makers)
    assert found == pytest.approx(wanted(name))


@pytest.mark.parametrize("profile", TRIED)
def test_every_series_of_a_profile_is_tried(profile: str) -> None:
    tried = {metric for name in NAMES for metric, _ in wanted(name)}
    assert {series.name for series in profile_series(load_profile(profile))} <= tried
