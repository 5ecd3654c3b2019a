"""docs/metrics.md is whole and true."""

from __future__ import annotations

import subprocess

from netwatch.metrics import Family
from netwatch.snmp import catalogue
from tests.harness.builders import make_configuration, make_inventory, make_parts
from tests.harness.metrics_documentation import Metric, documented, shown
from tests.harness.requirements import require_tool


def test_promtool_has_nothing_to_say_of_our_series() -> None:
    """But of lines, whose speed is told in bits a second, as networks count."""
    page = "".join(map(_shown, documented().items()))
    done = subprocess.run(
        [require_tool("promtool"), "check", "metrics"],
        input=page,
        capture_output=True,
        check=False,
        text=True,
    )
    said = (done.stdout + done.stderr).splitlines()
    assert done.returncode in {0, 3}
    assert [line for line in said if "bits_per_second use base unit" not in line] == []


def _shown(documented: tuple[str, Metric]) -> str:
    name, (kind, labels) = documented
    pairs = [f'{label}="a"' for label in sorted(labels)]
    lines = [f"# HELP {name} x", f"# TYPE {name} {kind}"]
    if kind == "histogram":
        lines += [f"{name}_bucket{{{','.join([*pairs, 'le=' + bound])}}} 1" for bound in _BOUNDS]
        lines += [f"{name}_{part}{{{','.join(pairs)}}} 1" for part in ("sum", "count")]
    else:
        lines.append(f"{name}{{{','.join(pairs)}}} 1")
    return "\n".join([*lines, ""])


_BOUNDS = ('"1"', '"+Inf"')


async def test_every_series_is_told_and_no_other() -> None:
    inventory = make_inventory()
    parts = make_parts(make_configuration(inventory))
    page = b"".join([block async for block in parts.pages.metrics()]).decode()
    types = {name: metric.type for name, metric in shown(page).items()}
    told = {name: metric.type for name, metric in documented().items()}
    assert catalogue().keys() < types.keys()
    assert told == {name: kind for name, kind in types.items() if name not in catalogue()}


def test_labels_are_told_of_families_without_series_too() -> None:
    parts = make_parts(make_configuration(make_inventory()))
    told = documented()
    plain = [
        family for family in parts.pages._metrics._registry.families() if isinstance(family, Family)
    ]
    assert len(plain) > 50
    declared = {family.name: {*family.labelnames} for family in plain if family.name in told}
    assert declared == {name: told[name].labels for name in declared}
