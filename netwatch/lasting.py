"""Facts that stay true until another value is told, e.g. when a certificate ends.

A server that is down shows no certificate, and the one that it showed last has ended all the same.
So these facts are kept over a restart of the daemon, in a file of the state directory.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, FiniteFloat

from netwatch.core.check import Check
from netwatch.core.facts import Fact
from netwatch.core.result import Result, Sample
from netwatch.disk.kept_file import KeptFile, saving
from netwatch.inventory.former_ids import FormerIds

NAME = "facts.json"
"""Of the file."""

MAX_OCTETS = 16 << 20
"""Size of a file that is read: that of 50 000 certificates."""

MIN_SAVE_INTERVAL = 10.0
"""Seconds between two writings of the file: a server may show two certificates in turn."""


class KeptFacts(BaseModel):
    """What one check told last of such facts, as it stands in the file.

    Attributes:
        address: that was asked; what another one told says nothing of this.
        facts: names, labels and values.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    address: str
    facts: tuple[tuple[str, tuple[tuple[str, str], ...], FiniteFloat], ...]


class _File(BaseModel):
    checks: dict[str, KeptFacts]


class LastingStore:
    """The file.

    Args:
        directory: the state directory; None: nothing is kept.
        name: of the file.
        what: is not known without it.
    """

    def __init__(
        self,
        directory: Path | None = None,
        name: str = NAME,
        what: str = "which certificates have ended",
    ) -> None:
        path = None if directory is None else directory / name
        self._file = KeptFile(path, MAX_OCTETS, _checks, f"{what} is not known yet")
        self.past: dict[str, KeptFacts] = {}

    async def load(self) -> None:
        """Read into ``past`` what the former run kept, by id of check; damage is logged."""
        self.past = await self._file.load() or {}

    async def save(self, checks: dict[str, KeptFacts]) -> bool:
        """Replace the file, and say whether that was possible; why not is logged once."""
        return await self._file.save(lambda: _content(checks))


def _checks(content: bytes) -> dict[str, KeptFacts]:
    return _File.model_validate_json(content).checks


def _content(checks: dict[str, KeptFacts]) -> bytes:
    """The file, made in small pieces: between them the event loop's thread has its turn."""
    entries = (f"{json.dumps(id_)}:{kept.model_dump_json()}" for id_, kept in checks.items())
    return ('{"checks":{' + ",".join(entries) + "}}").encode()


class LastingFacts:
    """What each check told last of facts that stay true. It is a ``ResultConsumer``.

    Args:
        facts: all that the kinds of probe declare.
        checks: what is measured.
        store: keeps them over a restart.
        former: ids under which it may have kept something.
    """

    def __init__(
        self,
        facts: Iterable[Fact],
        checks: Iterable[Check],
        store: LastingStore | None = None,
        former: FormerIds | None = None,
    ) -> None:
        self._names = {fact.name for fact in facts if fact.lasting}
        self._store = store or LastingStore()
        self._checks: dict[str, Check] = {}
        self._told = dict(self._store.past)
        self._changed = asyncio.Event()
        self.rename(former or FormerIds())
        self.watch(checks)

    def watch(self, checks: Iterable[Check]) -> None:
        """Keep what these checks told; forget all others, and those that ask another address."""
        self._checks = {check.id: check for check in checks}
        kept = {
            id_: told
            for id_, told in self._told.items()
            if id_ in self._checks and self._checks[id_].address == told.address
        }
        if len(kept) != len(self._told):
            self._changed.set()
        self._told = kept

    def rename(self, former: FormerIds) -> None:
        """Know the checks by their present ids; call it before ``watch``."""
        self._told = {former.check(id_): told for id_, told in self._told.items()}

    def report(self, result: Result) -> None:
        """Note what a result tells anew."""
        if result.facts:
            self.tell(result.check, result.facts)

    def tell(self, check: Check, facts: Iterable[Sample]) -> None:
        """Note what a check tells anew."""
        if check.id not in self._checks:
            return
        anew = tuple(fact for fact in facts if fact.name in self._names)
        if not anew:
            return
        names = {fact.name for fact in anew}
        all_ = (*anew, *(fact for fact in self.of(check) if fact.name not in names))
        if all_ != self.of(check):
            lines = tuple((fact.name, fact.labels, fact.value) for fact in all_)
            self._told[check.id] = KeptFacts(address=check.address, facts=lines)
            self._changed.set()

    def forget(self, check: Check) -> None:
        """Nothing: it is true until another value is told."""

    def of(self, check: Check) -> tuple[Sample, ...]:
        """What a check told last."""
        told = self._told.get(check.id)
        if told is None:
            return ()
        return tuple(Sample(*line) for line in told.facts if line[0] in self._names)

    def is_watched(self, site: str, target: str, probe: str) -> bool:
        """Whether any check of this target and probe may tell something anew."""
        places = ((check.site, check.target, check.probe) for check in self._checks.values())
        return (site, target, probe) in places

    def told(self, fact: Fact) -> Iterator[tuple[Check, float]]:
        """Every check that told this fact, and the value."""
        for id_ in self._told:
            check = self._checks[id_]
            for sample in self.of(check):
                if sample.name == fact.name:
                    yield check, sample.value

    def kept(self) -> AbstractAsyncContextManager[None]:
        """Write the file when something is told anew until the end of the block, and at its end."""
        return saving(self._save(), self._save_last)

    async def _save_last(self) -> None:
        if self._changed.is_set():
            await self._store.save(self._told)

    async def _save(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                is_saved = await self._store.save(dict(self._told))
            except asyncio.CancelledError:
                self._changed.set()  # nobody knows whether it was written
                raise
            if not is_saved:
                self._changed.set()
            await asyncio.sleep(MIN_SAVE_INTERVAL)
