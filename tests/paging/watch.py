"""Lab, daemon, Prometheus and Alertmanager with the files that are shipped, and who is paged."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.harness import alertmanager, prometheus
from tests.harness.alertmanager import Message, Receivers
from tests.harness.ports import free_port
from tests.harness.prometheus import Prometheus, write_unchanged_rules
from tests.harness.waiting import eventually
from tests.paging import daemon
from tests.paging.daemon import Daemon
from tests.paging.province import write_inventory

EVERY = "2s"
"""Between two scrapes, and two evaluations; 15 s as shipped. The rules are copied as they are."""

PATIENCE = 600.0
"""Seconds in which everything must have happened, on however busy a machine."""

QUIET = 5
"""Evaluations of the rules in which nothing more may come; a page takes two of Alertmanager's
intervals, each as long as one of them, to be sent."""


@dataclass
class Watch:
    """A province that is watched, and whoever is told.

    Attributes:
        done: what was done to the daemon, and when.
    """

    daemon: Daemon
    prometheus: Prometheus
    receivers: Receivers
    done: list[tuple[float, str]] = field(default_factory=list)

    def pages(self) -> list[Message]:
        return self.receivers.pages()

    def wait_for_pages(self, count: int) -> None:
        """Until so many have come."""
        eventually(lambda: len(self.pages()) >= count, PATIENCE, pause=0.5)

    def wait_until(self, expr: str) -> None:
        """Until Prometheus finds something."""
        eventually(lambda: self.prometheus.now(expr), PATIENCE, pause=0.5)

    def be_quiet(self) -> None:
        """Give a false page, or a false end of one, the time to come."""
        until = self._evaluations() + QUIET
        eventually(lambda: self._evaluations() >= until, PATIENCE, pause=0.5)

    def restart(self, number: signal.Signals) -> None:
        """End the daemon; start it again when Prometheus has missed it; wait until it measures."""
        self._note(f"daemon: {number.name}")
        self.daemon.end(number)
        self.wait_until('up{job="netwatch"} == 0')
        self._note("Prometheus has missed it; daemon: start")
        self.daemon.begin()
        self.wait_until("netwatch_vantage_ok == 1")
        self._note("daemon: measures")
        self.be_quiet()

    def reload(self) -> None:
        """Have the daemon read its inventory again, with other contracts; wait until it has."""
        self._note("daemon: reload")
        path = self.daemon.inventory / "province.yaml"
        path.write_text(path.read_text().replace("contract: HD-", "contract: HD-2-"))
        before = time.time()
        self.daemon.reload()
        self.wait_until(f"netwatch_config_last_reload_timestamp_seconds > {before}")
        self.be_quiet()

    def _note(self, what: str) -> None:
        self.done.append((time.time(), what))

    def _evaluations(self) -> float:
        """How often the rules about causes were evaluated, as Prometheus itself says now."""
        page = self.prometheus.own_metrics()
        (count,) = re.findall(
            r'^prometheus_rule_group_iterations_total{rule_group=".*;netwatch-causes"} (\S+)$',
            page,
            re.MULTILINE,
        )
        return float(count)

    def __str__(self) -> str:
        """The lab's log beside what was done to the daemon, and the messages received."""
        lab = [
            (event["time"], f"lab: {event['kind']} {event['subject']} {event['action']}s")
            for event in self.daemon.events("fault")
        ]
        told = [(message.at, str(message)) for message in self.receivers.messages]
        start = self.daemon.events("start")[0]
        story = sorted([*lab, *self.done, *told])
        lines = [f"{at - start['time']:7.1f} s  {what}" for at, what in story]
        return "\n".join([f"{start['sites']} sites, seed {start['seed']}", *lines])


@contextmanager
def watching(home: Path, faults: str, seed: int, *, maintenance: bool = False) -> Iterator[Watch]:
    """Watch the province while this happens in it."""
    write_inventory(home / "inventory", maintenance=maintenance)
    with ExitStack() as stack:
        receivers, hooks = stack.enter_context(alertmanager.receiving())
        told = stack.enter_context(alertmanager.running(home / "alertmanager", hooks))
        watched = stack.enter_context(daemon.running(home, faults, seed))
        listen = f"127.0.0.1:{free_port()}"
        write_unchanged_rules(home / "prometheus", listen, watched.listen, told, EVERY)
        observer = stack.enter_context(prometheus.launched(home / "prometheus", listen))
        watch = Watch(watched, observer, receivers)
        try:
            yield watch
        except AssertionError as error:
            error.add_note(str(watch))
            raise
