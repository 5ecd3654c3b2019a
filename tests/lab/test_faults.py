from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from netwatch.core.errors import ConfigError
from netwatch.lab.script import FaultEvent, load_script, timeline
from netwatch.lab.world import World


def written(path: Path, text: str) -> Path:
    script = path / "faults.yaml"
    script.write_text(text, encoding="utf-8")
    return script


def test_every_kind_is_read(tmp_path: Path, world: World) -> None:
    script = load_script(
        written(
            tmp_path,
            """
faults:
  - {at: 1s, for: 2s, cut: north}
  - {at: 1s, cut: south-second}
  - {at: 1s, for: 2s, loss: {site: north-one, ratio: 8%, burst: 2.5, way: back}}
  - {at: 1s, for: 2s, delay: {site: north-two, delay: 180ms, jitter: 40ms}}
  - {at: 1s, for: 2s, duplicate: {site: north, ratio: 1%}}
  - {at: 1s, for: 2s, reorder: {site: south, ratio: 2%, by: 300ms}}
  - {at: 1s, for: 2s, blind: state-dc}
  - {at: 1s, for: 2s, reboot: centre/switch-1}
  - {at: 1s, for: 2s, open: no-rdp}
  - {at: 1s, for: 2s, call: north}
""",
        ),
        world,
    )
    assert [(fault.kind, fault.subject) for fault in script.faults] == [
        ("cut", "north"),
        ("cut", "south-second"),
        ("loss", "north-one"),
        ("delay", "north-two"),
        ("duplicate", "north"),
        ("reorder", "south"),
        ("blind", "state-dc"),
        ("reboot", "centre/switch-1"),
        ("open", "no-rdp"),
        ("call", "north"),
    ]
    loss = script.faults[2].loss
    assert loss is not None
    assert (loss.ratio, loss.burst, loss.way) == (pytest.approx(0.08), 2.5, "back")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{at: 1s, cut: nowhere}", "no site or link called 'nowhere'"),
        ("{at: 1s, reboot: north/nothing, for: 1s}", "no target"),
        ("{at: 1s, open: web}", "no flow that is expected to be blocked called 'web'"),
        ("{at: 1s, loss: {site: nowhere, ratio: 8%}}", "no site called"),
        ("{at: 1s, loss: {site: north, ratio: 8}}", "8"),
        ("{at: soon, cut: north}", "soon"),
        ("{at: 1s, loss: {site: north, ratio: 80%, burst: 3}}", "lose at most 75.0%"),
        ("{at: 1s, loss: {site: north, ratio: 8%, burst: 0.5}}", "greater than or equal to 1"),
        ("{at: 1s, loss: {site: north, ratio: 8%, burst: nan}}", "less than or equal to 1000"),
        ("{at: 1s, loss: {site: north, ratio: 8%, way: both}}", "'out' or 'back'"),
        ("{at: 1s, duplicate: {site: nowhere, ratio: 8%}}", "no site called"),
        ("{at: 1s, reorder: {site: north, ratio: 8%}}", "reorder.by"),
        ("{at: 1s, reorder: {site: north, ratio: 8%, by: 0s}}", "greater than 0"),
        ("{at: 1s, blind: party-office}", "no vantage with a collector in the lab called"),
        ("{at: 1s}", "exactly one of cut, loss, delay, duplicate, reorder, blind, reboot, open"),
        ("{at: 1s, cut: north, open: no-rdp}", "exactly one of"),
        ("{at: 1s, reboot: north/router}", "must end"),
        ("{at: 1s, for: 1s, cutt: north}", "cutt"),
        ("{at: 1s, for: 0s, cut: north}", "greater than 0"),
        ("{at: 1s, cut: *north}", "alias"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, world: World, line: str, said: str
) -> None:
    script = written(tmp_path, f"# a comment\nfaults:\n  - {{at: 1s, cut: south}}\n  - {line}\n")
    with pytest.raises(ConfigError) as caught:
        load_script(script, world)
    (problem,) = caught.value.problems
    assert problem.place == f"{script}:4"
    assert said in problem.message


def test_all_mistakes_are_told_at_once(tmp_path: Path, world: World) -> None:
    script = written(tmp_path, "faults:\n  - {at: 1s, cut: a}\n  - {at: 1s, cut: b}\n")
    with pytest.raises(ConfigError) as caught:
        load_script(script, world)
    assert [problem.place for problem in caught.value.problems] == [f"{script}:2", f"{script}:3"]


@pytest.mark.parametrize("fault", ["{at: 9s, for: 2s, cut: north}", "{at: 1s, cut: north}"])
def test_a_repeated_story_must_end_in_time(tmp_path: Path, world: World, fault: str) -> None:
    script = written(tmp_path, f"repeat: 10s\nfaults:\n  - {fault}\n")
    with pytest.raises(ConfigError, match=":3: "):
        load_script(script, world)


def test_the_story_is_told_in_the_order_of_time_and_again(tmp_path: Path, world: World) -> None:
    script = load_script(
        written(
            tmp_path,
            "repeat: 10s\nfaults:\n"
            "  - {at: 4s, for: 6s, cut: north}\n  - {at: 1s, for: 5s, cut: south}\n",
        ),
        world,
    )
    assert list(itertools.islice(timeline(script), 6)) == [
        FaultEvent(1.0, 1, begins=True),
        FaultEvent(4.0, 0, begins=True),
        FaultEvent(6.0, 1, begins=False),
        FaultEvent(10.0, 0, begins=False),
        FaultEvent(11.0, 1, begins=True),
        FaultEvent(14.0, 0, begins=True),
    ]


def test_the_story_of_the_demo_fits_the_example_province(example: World) -> None:
    script = load_script(Path("config/lab/demo-faults.yaml"), example)
    assert {fault.kind for fault in script.faults} == {
        "cut",
        "loss",
        "delay",
        "blind",
        "reboot",
        "open",
    }
