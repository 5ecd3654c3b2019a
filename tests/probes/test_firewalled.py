"""How a firewall says no is told apart, whichever way it says it."""

from __future__ import annotations

import pytest

from tests.harness.namespaces import told_by

pytestmark = pytest.mark.slow

SAID = {
    "127.0.1.1 9000": "failure tarpit",
    "127.0.1.1 9001": "failure timeout",
    "127.0.1.1 9002": "failure refused",
    "127.0.1.1 9003": "failure prohibited",
    "127.0.1.1 9004": "failure network_unreachable",
    "127.0.1.1 9005": "failure host_unreachable",
    "127.0.1.1 9006": "failure prohibited",
    "127.0.1.1 9007": "failure silent",
    "127.0.1.1 9008": "failure reset",
    "127.0.1.1 9009": "failure refused",
    "fd00::1 9001": "failure timeout",
    "fd00::1 9002": "failure refused",
    "fd00::1 9003": "failure prohibited",
    "fd00::1 9006": "failure prohibited",
}


def test_every_way_of_a_firewall_is_told_apart() -> None:
    said = told_by("tests.probes.firewalled")
    assert {where: said[where] for where in SAID} == SAID
