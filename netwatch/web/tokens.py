"""One-time tokens: whoever changes something must first have read one from a page of ours."""

from __future__ import annotations

import hmac
import secrets
from collections import OrderedDict
from time import monotonic

TOKEN_TIMEOUT = 900.0
"""Seconds after which a token that was not used is worth nothing."""

MAX_TOKENS = 32
"""Tokens of one user that were not used; the oldest ends when there is another one."""

MAX_USERS = 1024
"""Users whose tokens are kept; whoever has not asked for longest has none left."""


class OneTimeTokens:
    """Tokens by user. Each is good once, and for this user only."""

    def __init__(self) -> None:
        self._given: OrderedDict[str, OrderedDict[str, float]] = OrderedDict()

    def give(self, user: str) -> str:
        """A new token for a user."""
        token = secrets.token_urlsafe(24)
        mine = self._given.setdefault(user, OrderedDict())
        self._given.move_to_end(user)
        mine[token] = monotonic() + TOKEN_TIMEOUT
        if len(mine) > MAX_TOKENS:
            mine.popitem(last=False)
        if len(self._given) > MAX_USERS:
            self._given.popitem(last=False)
        return token

    def take(self, user: str, token: str) -> bool:
        """Whether a token is good; it isn't any more then."""
        mine = self._given.get(user, OrderedDict())
        if not token.isascii():
            return False
        known = [each for each in mine if hmac.compare_digest(each, token)]
        return bool(known) and mine.pop(known[0]) >= monotonic()
