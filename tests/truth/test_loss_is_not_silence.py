"""At 5 % random loss over 100 000 echoes nothing that answers is called down.

Why five in a row are needed: docs/decisions/0005-five-losses-in-a-row.md.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import groupby

import pytest

from netwatch.inventory.checks import CheckClass
from netwatch.lab.impairment import Impairment
from netwatch.lab.loss import LossProcess
from netwatch.lab.path import Path
from tests.truth.province import CENTRE, INTERVAL, Site
from tests.truth.watched import Account, watched

pytestmark = pytest.mark.slow

ECHOES = 100_000
RATIO = 0.05
SEED = 1  # the lab's own default
PATIENCE = 180.0
DOWN_AFTER: int = CheckClass.model_fields["down_after"].default

CORE = Site("core", ("10.50.0.1",))
BEHIND = [
    Site(f"site-{number}", (f"10.50.{1 + number // 250}.{1 + number % 250}",), "core")
    for number in range(500)
]
SITES = [CORE, *BEHIND]
FAULTS = f"faults: [{{at: 0s, loss: {{site: core, ratio: {RATIO:.0%}}}}}]\n"


@pytest.fixture(scope="module")
def account(needs_namespaces: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with watched(tmp_path_factory.mktemp("loss"), SITES, FAULTS, timeout=INTERVAL) as running:
        running.first_page()
        until = time.monotonic() + PATIENCE
        while running.page().total("netwatch_icmp_sent_total") < ECHOES:
            assert time.monotonic() < until, f"not {ECHOES} echoes within {PATIENCE:.0f} s"
            time.sleep(1)
        yield running.settle()


def runs_of_losses(address: str, packets: int) -> list[int]:
    """What the wire's chance holds for so many packets to an address."""
    path = Path(f"{SEED} {address}")
    path.set_impairment(Impairment(losses=(LossProcess(RATIO),)))
    fates = [path.outward() is None for _ in range(packets)]
    return [len(list(run)) for is_lost, run in groupby(fates) if is_lost]


def lossy(account: Account) -> dict[str, dict[str, int]]:
    return {
        address: wire for address, wire in account.counts.items() if address not in CENTRE.addresses
    }


def test_every_one_of_so_many_echoes_is_accounted_for(account: Account) -> None:
    for address, wire in account.counts.items():
        sent, received, late = (
            account.said(f"netwatch_icmp_{name}_total", address)
            for name in ("sent", "received", "late")
        )
        assert sent == wire["seen"] == received + late + wire["lost"]
    assert sum(wire["lost"] for wire in lossy(account).values()) > 0.9 * RATIO * ECHOES


def test_nothing_is_called_down_that_only_loses(account: Account) -> None:
    late = account.page.total("netwatch_icmp_late_total")
    blamed = sum(
        account.page.total("netwatch_site_state_seconds_total", state=state)
        for state in ("down", "unreachable")
    )
    assert blamed == 0, (
        f"{late:.0f} echoes were late; more than a few: the machine was too busy to say anything"
    )


def test_there_were_losses_in_a_row_that_a_hastier_rule_would_have_taken_for_silence(
    account: Account,
) -> None:
    runs = [
        run
        for address, wire in lossy(account).items()
        for run in runs_of_losses(address, wire["seen"])
    ]
    assert sum(runs) == sum(wire["lost"] for wire in lossy(account).values())
    assert sum(run >= 3 for run in runs) >= 3
    assert max(runs) < DOWN_AFTER
