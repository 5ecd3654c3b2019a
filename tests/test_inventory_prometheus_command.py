"""``netwatch inventory prometheus``: a large page is read in parts that fit the shipped limits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from netwatch.commands.inventory_prometheus import (
    LINES_A_SITE,
    MAX_LINES,
    divided,
    expected_lines,
)
from netwatch.core.errors import ConfigError
from netwatch.metrics.parts import MAX_SHARES, FamilyGroup, MetricsPart
from tests.harness.builders import make_checks, make_configuration
from tests.harness.country import country, country_of
from tests.harness.requirements import require_tool

SHIPPED = Path("config/prometheus/prometheus.yml")
LARGE = {FamilyGroup.STATES: 900_000, FamilyGroup.ECHOES: 2_100_000, FamilyGroup.DEVICES: 500_000}


def test_every_part_is_read_once_under_the_labels_of_the_shipped_jobs() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    content = yaml.safe_load(divided(SHIPPED, text, LARGE))
    jobs = {job["job_name"]: job for job in content["scrape_configs"]}
    before = {job["job_name"]: job for job in yaml.safe_load(text)["scrape_configs"]}
    assert len(jobs) == len(content["scrape_configs"])
    assert before.keys() <= jobs.keys()
    parts = [MetricsPart.read(*job["params"]["part"]) for job in jobs.values() if "params" in job]
    wanted = ((FamilyGroup.STATES, 3), (FamilyGroup.ECHOES, 6), (FamilyGroup.DEVICES, 2))
    assert parts == [
        MetricsPart(group, share, shares)
        for group, shares in wanted
        for share in range(1, shares + 1)
    ]
    for name, job in jobs.items():
        if "params" not in job:
            assert job == before[name]
            continue
        base = "netwatch-devices" if "devices" in job["params"]["part"][0] else "netwatch"
        added = [] if name == base else [{"target_label": "job", "replacement": base}]
        rules = before[base]["metric_relabel_configs"]
        assert job["metric_relabel_configs"] == [*rules, *added]
        assert job.get("scrape_interval") == before[base].get("scrape_interval")


def test_promtool_accepts_it(tmp_path: Path) -> None:
    file = tmp_path / "prometheus.yml"
    text = divided(SHIPPED, SHIPPED.read_text(encoding="utf-8"), LARGE)
    file.write_text(text.replace("rules/", f"{SHIPPED.parent.resolve()}/rules/"), encoding="utf-8")
    subprocess.run([require_tool("promtool"), "check", "config", file], check=True)


def test_the_largest_country_fits_and_beyond_it_is_said_so() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    most = dict.fromkeys(FamilyGroup, MAX_LINES * MAX_SHARES)
    content = yaml.safe_load(divided(SHIPPED, text, most))
    assert sum("params" in job for job in content["scrape_configs"]) == 3 * MAX_SHARES
    with pytest.raises(ConfigError, match="series of echoes: too many for one collector"):
        divided(SHIPPED, text, most | {FamilyGroup.ECHOES: MAX_LINES * MAX_SHARES + 1})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no prometheus.yml"),
        ("[]", "is no prometheus.yml"),
        ("a: [", "is no prometheus.yml"),
        ("scrape_configs: [{}]", "is no prometheus.yml"),
        ("scrape_configs: [1]", "is no prometheus.yml"),
        ("scrape_configs: [{job_name: [1]}]", "is no prometheus.yml"),
        ("scrape_configs: []", "has no job netwatch"),
        ("scrape_configs: [{job_name: netwatch}]", "has no job netwatch-devices"),
        ("scrape_configs: [{job_name: netwatch, params: 1}]", "is no prometheus.yml"),
    ],
)
def test_another_file_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as refused:
        divided(Path("other.yml"), text, LARGE)
    assert "\n" not in str(refused.value)


def test_what_is_expected_grows_with_sites_checks_and_polls() -> None:
    inventory = country_of(40)
    lines = expected_lines(make_configuration(inventory, make_checks(inventory)))
    assert lines[FamilyGroup.STATES] > LINES_A_SITE * 40
    assert lines[FamilyGroup.ECHOES] >= 28 * 100
    assert lines[FamilyGroup.DEVICES] == 0


@pytest.mark.slow
def test_a_small_province_keeps_the_file_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "country.yaml").write_text(
        country(10, "{probe: icmp, interval: 5s}"), encoding="utf-8"
    )
    command = [sys.executable, "-m", "netwatch", "inventory", "prometheus", str(SHIPPED)]
    environment = {"NETWATCH_INVENTORY": str(tmp_path)}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == SHIPPED.read_text(encoding="utf-8")
    command[-1] = str(tmp_path / "none.yml")
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert len(answer.stderr.splitlines()) == 1
