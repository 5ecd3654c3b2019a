"""VictoriaMetrics of Debian takes what is made for it, and its vmalert pages a cut."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from release import victoria
from tests.harness import alertmanager
from tests.harness.fixed_page import WELL, collector
from tests.harness.ports import free_port
from tests.harness.processes import process
from tests.harness.requirements import require_tool
from tests.harness.waiting import eventually

SOON = "1s"


def test_the_committed_files_are_what_the_code_makes() -> None:
    for path, text in victoria.files():
        assert path.read_text(encoding="utf-8") == text, "run: python -m release.victoria"
    made = {path for path, _ in victoria.files()}
    assert {*victoria.MADE.rglob("*.yml")} == made


def test_an_alert_that_is_kept_waits_first() -> None:
    rule = {"alert": "A", "expr": "a > 1", "for": "30s", "keep_firing_for": "5m"}
    (made,) = victoria.rules({"groups": [{"name": "g", "rules": [rule]}]})["groups"][0]["rules"]
    assert made == {
        "alert": "A",
        "expr": "last_over_time(((a > 1) and count_over_time((a > 1)[45s:15s]) > 2)[5m:15s])",
    }


@pytest.mark.slow
def test_victoria_metrics_takes_the_scrape_configuration() -> None:
    _accepts("victoria-metrics", f"-promscrape.config={victoria.MADE}/scrape.yml")


@pytest.mark.slow
def test_vmalert_takes_the_rules() -> None:
    _accepts("vmalert", f"-rule={victoria.MADE}/rules/*.yml")


def _accepts(tool: str, what: str) -> None:
    command = [require_tool(tool), what, "-dryRun"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow  # VictoriaMetrics finds a new series after up to 10 s, and a page stands on three
def test_a_cut_is_paged_in_words_and_its_end_is(tmp_path: Path) -> None:
    store, judge = (f"127.0.0.1:{free_port()}" for _ in range(2))
    with (
        alertmanager.receiving() as (receivers, hooks),
        alertmanager.running(tmp_path / "alertmanager", hooks) as told,
        collector() as page,
        process(_store(tmp_path / "store", store, page.address), tmp_path, _up(store), 120),
        process(_judge(tmp_path / "judge", judge, store, told), tmp_path, _up(judge), 120),
    ):
        eventually(receivers.pages)
        (first,) = receivers.pages()
        (alert,) = first.alerts
        assert alert["labels"]["alertname"] == "NetwatchLinkDown"
        assert alert["labels"]["severity"] == "critical"
        annotations = alert["annotations"]
        assert annotations["summary"].startswith("Đứt đường truyền x: 3 điểm mất kết nối / ")
        assert "từ 07:16 01/01/1970. Nhà mạng V" in annotations["description"]
        page.text = WELL
        eventually(lambda: receivers.pages()[1:])
        assert [message.status for message in receivers.pages()] == ["firing", "resolved"]


def _up(address: str) -> Any:
    return lambda: alertmanager.answers(f"http://{address}/health")


def _store(home: Path, listen: str, target: str) -> list[str]:
    home.mkdir()
    configuration = yaml.safe_load((victoria.MADE / "scrape.yml").read_text(encoding="utf-8"))
    configuration["global"] = {"scrape_interval": SOON, "scrape_timeout": SOON}
    jobs = {job["job_name"]: job for job in configuration["scrape_configs"]}
    jobs["netwatch"]["static_configs"][0]["targets"] = [target]
    configuration["scrape_configs"] = [jobs["netwatch"]]
    (home / "scrape.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    return [
        require_tool("victoria-metrics"),
        f"-promscrape.config={home}/scrape.yml",
        f"-storageDataPath={home}/data",
        f"-httpListenAddr={listen}",
        "-search.latencyOffset=1s",
    ]


def _judge(home: Path, listen: str, store: str, told: str) -> list[str]:
    home.mkdir()
    for name in ("recording.yml", "causes.yml"):
        text = (victoria.MADE / "rules" / name).read_text(encoding="utf-8")
        rules = yaml.safe_load(text.replace(f"[5m:{victoria.STEP}s]", "[5s:1s]"))
        for group in rules["groups"]:
            group["interval"] = SOON
        (home / name).write_text(yaml.safe_dump(rules), encoding="utf-8")
    return [
        require_tool("vmalert"),
        f"-rule={home}/*.yml",
        f"-datasource.url=http://{store}",
        f"-remoteWrite.url=http://{store}",
        f"-remoteRead.url=http://{store}",
        f"-notifier.url=http://{told}",
        f"-httpListenAddr={listen}",
        "-datasource.queryStep=5s",
        "-remoteWrite.flushInterval=1s",
    ]
