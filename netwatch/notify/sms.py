"""Sends by a gateway of short messages that takes JSON over HTTP."""

from __future__ import annotations

import json
import re
from typing import Any

import aiohttp
from pydantic import SecretStr

from netwatch.notify.config import SmsConfig
from netwatch.notify.http import post
from netwatch.notify.message import without_marks


class SmsChannel:
    """Sends texts to telephones.

    Args:
        config: of the gateway.
        secret: sent as ``Authorization``; None: nothing is.
        session: for requests.
    """

    name = "sms"

    def __init__(
        self, config: SmsConfig, secret: SecretStr | None, session: aiohttp.ClientSession
    ) -> None:
        self.to = config.to
        self._config = config
        self._secret = secret
        self._session = session

    async def send(self, to: str, text: str) -> None:
        """Send a text.

        Raises:
            NotSentError: it was not taken.
        """
        words = {"{to}": to, "{text}": text if self._config.marks else without_marks(text)}
        headers = {"Authorization": self._secret.get_secret_value()} if self._secret else {}
        body = _filled(json.loads(self._config.body), words)
        await post(self._session, self._config.url, headers, json=body)


def _filled(value: Any, words: dict[str, str]) -> Any:
    """The same JSON with words put into its strings, whatever characters are in them."""
    if isinstance(value, dict):
        return {key: _filled(each, words) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, words) for each in value]
    if isinstance(value, str):
        parts = re.split(r"(\{to\}|\{text\})", value)  # so that no word is looked for in another
        return "".join(words.get(part, part) for part in parts)
    return value
