"""Sends by a Zalo Official Account (its interface v3.0; tokens by OAuth v4)."""

from __future__ import annotations

import asyncio

import aiohttp
from pydantic import SecretStr

from netwatch.notify.config import ZaloConfig
from netwatch.notify.failure import NotSentError
from netwatch.notify.http import post
from netwatch.notify.tokens import ZaloTokens, keep_tokens

_TOKEN_ERRORS = {-124, -216}
"""The access token is wrong or has ended."""

_BUSY_ERRORS = {-32, -200, -201}
"""Too much at a time, or a fault of the service itself."""


class ZaloChannel:
    """Sends texts to users of Zalo.

    Args:
        config: of the account.
        secret: key of its application.
        tokens: as they were kept.
        session: for requests.
    """

    name = "zalo"

    def __init__(
        self,
        config: ZaloConfig,
        secret: SecretStr,
        tokens: ZaloTokens,
        session: aiohttp.ClientSession,
    ) -> None:
        self.to = config.to
        self._config = config
        self._secret = secret
        self._tokens = tokens
        self._session = session
        self._renewing = asyncio.Lock()

    async def send(self, to: str, text: str) -> None:
        """Send a text.

        Raises:
            NotSentError: it was not taken.
        """
        token = self._tokens.access_token or await self._renew(None)
        error, said = await self._post(token, to, text)
        if error in _TOKEN_ERRORS:
            error, said = await self._post(await self._renew(token), to, text)
        if error:
            is_temporary = error in _BUSY_ERRORS | _TOKEN_ERRORS
            raise NotSentError(f"error {error}: {said}", is_temporary=is_temporary)

    async def _post(self, token: SecretStr, to: str, text: str) -> tuple[int, str]:
        """Number and text of the error in the answer; 0 when there is none."""
        answer = await post(
            self._session,
            f"{self._config.api}/v3.0/oa/message/cs",
            {"access_token": token.get_secret_value()},
            json={"recipient": {"user_id": to}, "message": {"text": text}},
        )
        if not isinstance(answer, dict) or not isinstance(answer.get("error"), int):
            raise NotSentError("the answer is none of Zalo", is_temporary=True)
        return answer["error"], str(answer.get("message", ""))[:200]

    async def _renew(self, ended: SecretStr | None) -> SecretStr:
        """A new access token; those who ask at the same time get the same one.

        Raises:
            NotSentError: there is none.
        """
        async with self._renewing:
            present = self._tokens.access_token
            if present is not None and present != ended:
                return present
            answer = await post(
                self._session,
                f"{self._config.oauth}/v4/oa/access_token",
                {"secret_key": self._secret.get_secret_value()},
                data={
                    "app_id": self._config.app_id,
                    "grant_type": "refresh_token",
                    "refresh_token": self._tokens.refresh_token.get_secret_value(),
                },
            )
            fresh = answer if isinstance(answer, dict) else {}
            access, refresh = fresh.get("access_token"), fresh.get("refresh_token")
            if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
                why = str(fresh.get("error_name") or fresh.get("error") or "no token")[:100]
                raise NotSentError(f"the token can't be renewed: {why}", is_temporary=True)
            self._tokens = ZaloTokens(
                access_token=SecretStr(access), refresh_token=SecretStr(refresh)
            )
            await asyncio.to_thread(keep_tokens, self._config.tokens, self._tokens)
            return SecretStr(access)
