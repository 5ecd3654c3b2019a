"""Operations of our own at routers: made when first asked for, destroyed at the end.

A router gives them up when it restarts, and a daemon that is killed leaves them behind. So whoever
comes first to a router, destroys what it finds under our name; and what is gone, or is not what is
wanted any more, is made anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass

from netwatch.core.check import MOST_OPERATIONS, Check, Router
from netwatch.probes.remote_ping.params import RemotePingParams
from netwatch.probes.remote_ping.read import column
from netwatch.probes.remote_ping.writer import WriteError, Writer
from netwatch.probes.snmp.agent import Agent
from netwatch.snmp.ping_rows import Sets, creation, destruction
from netwatch.snmp.remote_ping import Making, RemotePing, index_of

logger = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that destroying all at the end may take."""

_UNUSED = 5
"""Intervals after which an operation that nobody asks for any more is destroyed."""


@dataclass(slots=True)
class Row:
    """An operation that we made.

    Attributes:
        making: how it is made and destroyed.
        wanted: the requests that make it.
        made: monotonic time at which the last of them was answered, seconds; None before.
        unused: destroys it, unless it is asked for before.
    """

    router: Router
    port: int
    index: str
    making: Making
    wanted: tuple[Sets, ...]
    made: float | None = None
    unused: asyncio.TimerHandle | None = None

    def serves(self, wanted: tuple[Sets, ...]) -> bool:
        """Whether it is made, as it is wanted, and will not soon end by itself."""
        if self.made is None or self.wanted != wanted:
            return False
        lasts = self.making.lasts
        return lasts is None or time.monotonic() - self.made < lasts / 2

    def keep(self) -> None:
        """Let it live on."""
        if self.unused is not None:
            self.unused.cancel()


class OwnRows:
    """Everything that this process made at routers."""

    def __init__(self) -> None:
        self._writer: Writer | None = None
        self._rows: dict[str, Row] = {}
        self._swept: set[tuple[str, int, str]] = set()
        self._busy: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[bool]] = set()

    async def ensure(self, check: Check, params: RemotePingParams, agent: Agent) -> bool:
        """Make the operation of a check, unless it is there; returns whether it was made.

        Args:
            check: what is asked; its router allows writing.
            params: its parameters, with our names.
            agent: reads from the router.

        Raises:
            WriteError: the router did not do it.
            PollError: the router can't be read.
        """
        assert check.via is not None
        making = params.mib.making
        assert making is not None
        owner = params.owner or ""
        wanted = creation(making, params.index, owner, check.address, check.interval)
        async with self._busy.setdefault(check.via.address, asyncio.Lock()):
            await self._sweep(check.via, params, agent)
            row = self._rows.get(check.id)
            new = row is None or not row.serves(wanted)
            if row is None or new:
                if row is not None:
                    await self._destroy(check.id)
                row = await self._make(check, params, making, wanted, agent)
            row.keep()
            loop = asyncio.get_running_loop()
            row.unused = loop.call_later(_UNUSED * check.interval, self._drop, check.id)
            return new

    def forget(self, check: Check) -> None:
        """The router does not have it any more."""
        row = self._rows.pop(check.id, None)
        if row is not None:
            row.keep()

    async def close(self) -> None:
        """Destroy everything, as far as routers answer."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(TimeoutError):  # told below
            async with asyncio.timeout(PATIENCE):
                silent: set[str] = set()  # one that did not answer would cost the others' time
                for check_id, row in list(self._rows.items()):
                    if row.router.address not in silent and not await self._try(check_id):
                        silent.add(row.router.address)
        for row in self._rows.values():
            row.keep()
            logger.warning("left behind at router=%s index=%s", row.router.address, row.index)
        self._rows.clear()
        if self._writer is not None:
            await self._writer.close()
            self._writer = None

    async def _make(
        self,
        check: Check,
        params: RemotePingParams,
        making: Making,
        wanted: tuple[Sets, ...],
        agent: Agent,
    ) -> Row:
        assert check.via is not None
        there = [row for row in self._rows.values() if row.router.address == check.via.address]
        if len(there) >= MOST_OPERATIONS:
            raise WriteError(f"{len(there)} operations are ours already; no more are made")
        if making.owner is not None:
            await _refuse_foreign(agent, making.owner, params)
        # Known before it is made: what a lost answer leaves behind is destroyed too.
        row = Row(check.via, params.port, params.index, making, wanted)
        self._rows[check.id] = row
        try:
            await self._set(check.via, params.port, destruction(making, params.index))
            for sets in wanted:
                await self._set(check.via, params.port, sets)
        except WriteError:
            with suppress(WriteError):
                await self._destroy(check.id)
            raise
        row.made = time.monotonic()
        logger.info("made at router=%s index=%s", check.via.address, params.index)
        return row

    def _drop(self, check_id: str) -> None:
        task = asyncio.get_running_loop().create_task(self._try(check_id), name=check_id)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self, check_id: str) -> bool:
        """Destroy an operation; whether the router says that it did."""
        row = self._rows[check_id]
        try:
            await self._destroy(check_id)
        except WriteError as error:
            logger.warning("not destroyed at router=%s: %s", row.router.address, error)
            return False
        return True

    async def _destroy(self, check_id: str) -> None:
        row = self._rows[check_id]
        await self._set(row.router, row.port, destruction(row.making, row.index))
        row.keep()
        self._rows.pop(check_id, None)

    async def _sweep(self, router: Router, params: RemotePingParams, agent: Agent) -> None:
        """Destroy what a former run left, once."""
        place = router.address, params.port, params.profile
        if place in self._swept:
            return
        assert params.mib.making is not None
        left = await _ours(agent, params.mib, params.owner or "")
        for index in left:
            await self._set(router, params.port, destruction(params.mib.making, index))
        if left and (still := await _ours(agent, params.mib, params.owner or "")):
            raise WriteError(
                f"{len(still)} operations of a former run can't be destroyed; remove those of owner"
                f" {params.owner}"
            )
        if left:
            logger.info("destroyed at router=%s left over=%d", router.address, len(left))
        self._swept.add(place)

    async def _set(self, router: Router, port: int, sets: Sets) -> None:
        if self._writer is None:
            self._writer = Writer()
        await self._writer.set(router, port, sets)


async def _ours(agent: Agent, mib: RemotePing, owner: str) -> list[str]:
    """Indexes of all operations under our name."""
    assert mib.making is not None
    if mib.making.owner is not None:
        owners = await column(agent, mib.making.owner)
        return [index for index, value in owners.items() if value == owner.encode()]
    prefix = index_of(owner)
    return [f"{prefix}.{test}" for test in await column(agent, f"{mib.making.row}.{prefix}")]


async def _refuse_foreign(agent: Agent, owners: str, params: RemotePingParams) -> None:
    """Touch no operation of the network team's, should it have our number."""
    cell = f"{owners}.{params.index}"
    owner = (await agent.get([cell])).get(cell)
    if owner is not None and owner != (params.owner or "").encode():
        raise WriteError(f"operation {params.index} belongs to somebody else")
