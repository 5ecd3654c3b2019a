"""A device whose answers wait for those of others until its time is up was not measured."""

from __future__ import annotations

from netwatch.core.check import InterfaceCheck
from netwatch.core.result import Outcome, Reason
from netwatch.probes.snmp.probe import SnmpProbe
from tests.harness.builders import make_check


def test_what_could_not_be_read_in_time_is_no_silence() -> None:
    probe, check = SnmpProbe(lambda _: None), make_check("snmp")
    late = probe.silence(check)
    assert (late.outcome, late.reason) == (Outcome.INVALID, Reason.LOCAL_ERROR)
    alone = probe.silence(InterfaceCheck.of(check, "wan"))
    assert (alone.outcome, alone.reason) == (Outcome.FAILURE, Reason.TIMEOUT)
