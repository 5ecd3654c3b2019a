"""Posts to a service and reads its answer, within bounds; tells no secret in an error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from netwatch.notify.failure import NotSentError

TIMEOUT = aiohttp.ClientTimeout(total=10.0)
"""Seconds for a request; Alertmanager waits longer for its own."""

MAX_ANSWER = 1 << 16
"""Octets of an answer that are read."""

_BUSY = {408, 425, 429}


async def post(
    session: aiohttp.ClientSession, url: str, headers: Mapping[str, str], **body: Any
) -> Any:
    """The answer to a POST as JSON, or None where it is none.

    Args:
        session: of the program.
        url: where to.
        headers: may hold secrets.
        body: ``json`` or ``data``, as aiohttp has them.

    Raises:
        NotSentError: the service can't be reached, or refuses.
    """
    try:
        async with session.post(
            url, headers=headers, timeout=TIMEOUT, allow_redirects=False, **body
        ) as answer:
            content = await answer.content.read(MAX_ANSWER)
            status = answer.status
    except TimeoutError:
        raise NotSentError("no answer in time", is_temporary=True) from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NotSentError(type(error).__name__, is_temporary=True) from None
    if status >= 300:
        raise NotSentError(f"status {status}", is_temporary=status >= 500 or status in _BUSY)
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
