"""Operations of our own at routers: created when first needed, destroyed at the end.

A router loses them when it restarts, and a daemon that is killed leaves them behind. So the first
check of a router destroys what it finds under our name; and an operation that is gone, or differs
from what is wanted, is created anew.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from netwatch.core.check import MAX_OPERATIONS, Check, Router
from netwatch.probes.remote_ping.params import RemotePingParams
from netwatch.probes.remote_ping.read import column
from netwatch.probes.remote_ping.writer import WriteError, Writer
from netwatch.probes.snmp.agent import Agent
from netwatch.snmp.ping_rows import Sets, creation, destruction, owner_of
from netwatch.snmp.remote_ping import Making, index_of

logger = logging.getLogger(__name__)

CLOSE_TIMEOUT = 5.0
"""Seconds that destroying all operations at the end may take; systemd waits for 10."""

_MAX_UNUSED_INTERVALS = 5
"""Intervals of a check without a slot after which its operation is destroyed."""


@dataclass(slots=True)
class OperationRow:
    """A ping operation that we created at a router.

    Attributes:
        making: how it is made and destroyed.
        wanted: the requests that make it.
        made: monotonic time at which the last of them was answered, seconds; None before.
        expiry: timer that destroys it when no check needs it any more.
    """

    router: Router
    port: int
    index: str
    making: Making
    wanted: tuple[Sets, ...]
    made: float | None = None
    expiry: asyncio.TimerHandle | None = None

    def serves(self, wanted: tuple[Sets, ...]) -> bool:
        """Whether it was made, is the one that is wanted, and will not soon end by itself."""
        if self.made is None or self.wanted != wanted:
            return False
        lasts = self.making.lasts
        return lasts is None or monotonic() - self.made < lasts / 2

    def stop_timer(self) -> None:
        """Cancel the timer; the caller sees to it that the operation is destroyed."""
        if self.expiry is not None:
            self.expiry.cancel()
        self.expiry = None


Key = tuple[str, str]
"""Id of the check, and address of the router: a check may move to another router."""


class OwnRows:
    """All operations that this process made at routers."""

    def __init__(self) -> None:
        self._writer: Writer | None = None
        self._rows: dict[Key, OperationRow] = {}
        self._swept: set[tuple[str, int, str]] = set()
        self._busy: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def sweep(self, router: Router, params: RemotePingParams, agent: Agent) -> None:
        """Destroy what a former run left at a router, once.

        Args:
            router: where we may write.
            params: of a check that it measures.
            agent: reads from the router.

        Raises:
            WriteError: the router did not do it.
            PollError: the router can't be read.
        """
        making, place = params.mib.making, (router.address, params.port, params.profile)
        if making is None or place in self._swept:
            return
        async with self._router_lock(router.address):
            owner = owner_of(router.asker)
            left = await _ours(agent, making, owner)
            for index in left:
                await self._set(router, params.port, destruction(making, index))
            if left and (still := await _ours(agent, making, owner)):
                raise WriteError(
                    f"{len(still)} operations of a former run can't be destroyed; remove those of"
                    f" owner {owner}"
                )
            if left:
                logger.info("destroyed at router=%s left over=%d", router.address, len(left))
            self._swept.add(place)

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
        owner = owner_of(check.via.asker)
        wanted = creation(making, params.index, owner, check.address, check.interval)
        key = check.id, check.via.address
        async with self._router_lock(key[1]):
            row = self._rows.get(key)
            new = row is None or not row.serves(wanted)
            if row is None or new:
                if row is not None:
                    await self._destroy(key)
                row = OperationRow(check.via, params.port, params.index, making, wanted)
                await self._make(key, row, owner, agent)
            row.stop_timer()
            loop = asyncio.get_running_loop()
            row.expiry = loop.call_later(_MAX_UNUSED_INTERVALS * check.interval, self._expire, key)
            return new

    def mark_missing(self, check: Check) -> None:
        """Have ``ensure`` create the operation of a check anew: the router does not show it."""
        row = None if check.via is None else self._rows.get((check.id, check.via.address))
        if row is not None:
            row.made = None

    async def close(self) -> None:
        """Destroy all operations, as far as routers answer within ``CLOSE_TIMEOUT``."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(TimeoutError):  # logged below
            async with asyncio.timeout(CLOSE_TIMEOUT):
                silent: set[str] = set()  # one that did not answer would cost the others' time
                for key in list(self._rows):
                    if key[1] not in silent and not await self._try_destroy(key):
                        silent.add(key[1])
        for row in self._rows.values():
            row.stop_timer()
            logger.warning("left behind at router=%s index=%s", row.router.address, row.index)
        self._rows.clear()
        if self._writer is not None:
            await self._writer.close()
            self._writer = None

    def _router_lock(self, address: str) -> asyncio.Lock:
        """The lock by which one thing at a time is done at a router."""
        return self._busy.setdefault(address, asyncio.Lock())

    async def _make(self, key: Key, row: OperationRow, owner: str, agent: Agent) -> None:
        there = sum(address == key[1] for _, address in self._rows)
        if there >= MAX_OPERATIONS:
            raise WriteError(f"{there} operations are ours already; no more are made")
        if row.making.owner is not None:
            await _refuse_foreign(agent, f"{row.making.owner}.{row.index}", owner)
        # Known before it is made: what a lost answer leaves behind is destroyed too.
        self._rows[key] = row
        try:
            for sets in (destruction(row.making, row.index), *row.wanted):
                await self._set(row.router, row.port, sets)
        except WriteError:
            with suppress(WriteError):  # the first error is the one that is raised
                await self._destroy(key)
            raise
        row.made = monotonic()
        logger.info("made at router=%s index=%s", row.router.address, row.index)

    def _expire(self, key: Key) -> None:
        """Destroy an operation that no check has needed for ``_MAX_UNUSED_INTERVALS``."""
        self._rows[key].expiry = None
        task = asyncio.get_running_loop().create_task(self._destroy_if_unused(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _destroy_if_unused(self, key: Key) -> None:
        async with self._router_lock(key[1]):
            row = self._rows.get(key)
            if row is not None and row.expiry is None:
                await self._try_destroy(key)

    async def _try_destroy(self, key: Key) -> bool:
        """Destroy an operation; False, with a line in the log, when the router did not do it."""
        try:
            await self._destroy(key)
        except WriteError as error:
            logger.warning("not destroyed at router=%s: %s", key[1], error)
            return False
        return True

    async def _destroy(self, key: Key) -> None:
        row = self._rows[key]
        await self._set(row.router, row.port, destruction(row.making, row.index))
        row.stop_timer()
        self._rows.pop(key, None)

    async def _set(self, router: Router, port: int, sets: Sets) -> None:
        if self._writer is None:
            self._writer = Writer()
        await self._writer.set(router, port, sets)


async def _ours(agent: Agent, making: Making, owner: str) -> list[str]:
    """Indexes of all operations that the router has under our name."""
    if making.owner is not None:
        owners = await column(agent, making.owner)
        return [index for index, value in owners.items() if value == owner.encode()]
    prefix = index_of(owner)
    return [f"{prefix}.{test}" for test in await column(agent, f"{making.row}.{prefix}")]


async def _refuse_foreign(agent: Agent, cell: str, ours: str) -> None:
    """Refuse to touch an operation of the network team that has the number of ours.

    Args:
        agent: reads from the router.
        cell: the object with the owner of the operation.
        ours: our name.

    Raises:
        WriteError: the operation belongs to somebody else.
        PollError: the router can't be read.
    """
    owner = (await agent.run(agent.get([cell]))).get(cell)
    if owner is not None and owner != ours.encode():
        raise WriteError("an operation with our number belongs to somebody else")
