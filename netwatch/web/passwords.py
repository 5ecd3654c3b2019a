"""Passwords compared with their bcrypt hashes, outside the event loop.

Only what was right is remembered, under a keyed hash of user, password and bcrypt hash together,
with a key that nobody knows and that ends with the program. So no answer can be put there, or be
found there, by who doesn't know the password (in exporter-toolkit that was CVE-2022-46146).
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections import Counter, OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import bcrypt

MAX_REMEMBERED = 1024
"""Logins that need no bcrypt the next time."""

MAX_PARALLEL = 1
"""Comparisons at the same time: each keeps a core busy for 0.05 seconds and more."""

MAX_WAITING = 32
"""Comparisons that wait or run, of all sources together."""

MAX_WAITING_OF_SOURCE = 4
"""Comparisons that wait or run of one source, which may not keep the others from logging in."""

_MAX_PASSWORD_OCTETS = 72
"""What bcrypt looks at."""


class TooManyLoginsError(Exception):
    """Too many passwords are being compared; the client may try again."""


class Passwords:
    """Says whether a password is right; close it at the end."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._right: OrderedDict[bytes, None] = OrderedDict()
        self._under_way: dict[bytes, asyncio.Future[bool]] = {}
        self._of_source: Counter[str] = Counter()
        self._workers = ThreadPoolExecutor(MAX_PARALLEL, thread_name_prefix="bcrypt")

    def close(self) -> None:
        """End; what is being compared is given up."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    async def match(
        self, users: Mapping[str, bytes], user: str, password: bytes, source: str
    ) -> bool:
        """Whether the user exists and this is the password; both answers take as long.

        Args:
            users: bcrypt hashes by user, at least one.
            user: who wants to log in.
            password: as it was given.
            source: whose turn it is, when many are waiting.

        Raises:
            TooManyLoginsError: this source, or all together, have too many waiting.
        """
        password = password[:_MAX_PASSWORD_OCTETS]
        hash_ = users.get(user) or self._decoy(users, user)
        key = self._digest(user.encode(), password, hash_)
        if key in self._right:
            self._right.move_to_end(key)
            return user in users
        if (comparison := self._under_way.get(key)) is None:
            comparison = self._begin(key, password, hash_, source)
        # A client that goes away must not take the answer from others who gave the same.
        is_right = await asyncio.shield(comparison) and user in users
        if is_right:
            self._remember(key)
        return is_right

    def _begin(
        self, key: bytes, password: bytes, hash_: bytes, source: str
    ) -> asyncio.Future[bool]:
        is_busy = self._of_source[source] >= MAX_WAITING_OF_SOURCE
        if is_busy or len(self._under_way) >= MAX_WAITING:
            raise TooManyLoginsError
        comparison = asyncio.get_running_loop().run_in_executor(
            self._workers, bcrypt.checkpw, password, hash_
        )
        self._under_way[key] = comparison
        self._of_source[source] += 1

        def end(_comparison: asyncio.Future[bool]) -> None:
            del self._under_way[key]
            self._of_source[source] -= 1
            if not self._of_source[source]:
                del self._of_source[source]

        comparison.add_done_callback(end)
        return comparison

    def _decoy(self, users: Mapping[str, bytes], user: str) -> bytes:
        """The hash that stands for a user who doesn't exist: always the same one of another.

        So an unknown user takes exactly as long as one who exists, whatever their hashes cost.
        """
        number = int.from_bytes(self._digest(user.encode())[:8], "big")
        hashes = sorted(users.values())
        return hashes[number % len(hashes)]

    def _digest(self, *parts: bytes) -> bytes:
        """A keyed hash; the lengths are in it, so that no two lists of parts look alike."""
        digest = hmac.new(self._key, digestmod="sha256")
        for part in parts:
            digest.update(len(part).to_bytes(4, "big") + part)
        return digest.digest()

    def _remember(self, key: bytes) -> None:
        self._right[key] = None
        if len(self._right) > MAX_REMEMBERED:
            self._right.popitem(last=False)
