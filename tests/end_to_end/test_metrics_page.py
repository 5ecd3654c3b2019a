"""The metrics page of a daemon that measures, and Prometheus' own view of it."""

from __future__ import annotations

from contextlib import suppress

import pytest

from netwatch import probes
from netwatch.snmp import catalogue
from tests.end_to_end.conftest import Watched
from tests.harness.metrics_documentation import documented, shown
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow


def test_every_series_has_the_labels_that_are_told(watched: Watched) -> None:
    # Devices' own series are told by their profiles; the lab plays no TLS and no HTTP and sends no
    # traps, every packet fits its lines, its tables are whole (tests/probes/snmp), its devices have
    # no serial numbers, no contract ends or promises, no path gets longer, no site is planned,
    # nobody removes a forbidden flow, and what is suspected has a series for some seconds only.
    # What holds their labels: tests/export.
    elsewhere = catalogue().keys() | {fact.name for fact in probes.facts()}
    elsewhere |= {"netwatch_icmp_path_mtu_bytes", "netwatch_suspected_sites"}
    elsewhere |= {"netwatch_trap_datagrams_total", "netwatch_traps_total"}
    elsewhere |= {"netwatch_snmp_table_incomplete", "netwatch_device_info"}
    elsewhere |= {"netwatch_forbidden_flow_removed_timestamp_seconds"}
    elsewhere |= {"netwatch_contract_end_timestamp_seconds"}
    elsewhere |= {"netwatch_contract_agreed_availability_ratio", "netwatch_path_extra_hops"}
    elsewhere |= {"netwatch_planned_site_info", "netwatch_planned_site_answering_targets"}
    told = {name: metric.labels for name, metric in documented().items() if name not in elsewhere}

    def differences() -> set[str]:
        page = shown(watched.demo.page("/metrics"))
        found = {name: metric.labels for name, metric in page.items() if name not in elsewhere}
        return {
            f"{name}: told {told.get(name)}, found {found.get(name)}"
            for name in told.keys() | found.keys()
            if told.get(name) != found.get(name)
        }

    # The rooms of a meeting are first measured some time after the daemon began.
    with suppress(AssertionError):
        eventually(lambda: not differences(), patience=240, pause=5)
    assert differences() == set()
