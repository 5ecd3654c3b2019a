"""The file that says whom ``netwatch notify`` sends to, and by which way."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.reading import read_file
from netwatch.inventory.explain import explain
from netwatch.inventory.terms import SecretName, TimeZone

MAX_OCTETS = 1 << 16
"""Size of the file."""

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def _safe_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_safe = parts.scheme == "https" or (
            parts.scheme == "http" and parts.hostname in _LOOPBACK
        )
        if is_safe and parts.hostname and not parts.username:
            return value.rstrip("/")
    except ValueError:
        pass  # the same remedy
    raise ValueError("is no https address without user; http is for this machine only")


SafeUrl = Annotated[str, AfterValidator(_safe_url)]
"""Where secrets may be sent to."""

Recipient = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9+_-]+$")]
Recipients = Annotated[tuple[Recipient, ...], Field(min_length=1, max_length=50)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ZaloConfig(_Section):
    """A Zalo Official Account.

    Attributes:
        app_id: of the application that may send for the account.
        secret: name of the secret with the application's key.
        tokens: file that holds the refresh token, and is rewritten with each new one.
        to: user ids, as the account knows them, of those who are told.
        api: address of the interface.
        oauth: address where tokens are renewed.
    """

    app_id: Annotated[str, Field(pattern=r"^[0-9]{1,32}$")]
    secret: SecretName
    tokens: Path
    to: Recipients
    api: SafeUrl = "https://openapi.zalo.me"
    oauth: SafeUrl = "https://oauth.zaloapp.com"


def _json_body(value: str) -> str:
    try:
        json.loads(value)
    except ValueError:
        raise ValueError("is no JSON") from None
    if "{to}" not in value or "{text}" not in value:
        raise ValueError("needs {to} and {text}, where number and text are put")
    return value


class SmsConfig(_Section):
    """A gateway of short messages that takes JSON over HTTP.

    Attributes:
        url: where it takes them.
        body: JSON that is posted, with ``{to}`` and ``{text}`` within its strings.
        secret: name of the secret that is sent as ``Authorization``; None: nothing is.
        to: numbers.
        marks: whether texts keep their Vietnamese marks; without them a message is shorter.
    """

    url: SafeUrl
    body: Annotated[str, AfterValidator(_json_body), Field(max_length=4096)]
    secret: SecretName | None = None
    to: Recipients
    marks: bool = False


class NotifyConfig(_Section):
    """What stands in the file. Attributes: timezone, of the messages; zalo; sms."""

    timezone: TimeZone = "Asia/Ho_Chi_Minh"
    zalo: ZaloConfig | None = None
    sms: SmsConfig | None = None


def read_notify_config(file: Path) -> NotifyConfig:
    """What the file says.

    Raises:
        ConfigError: it can't be read, or something in it is wrong.
    """
    try:
        parsed = tomllib.loads(read_file(file, MAX_OCTETS).decode("utf-8-sig"))
        config = NotifyConfig.model_validate(parsed)
    except OSError as error:
        raise ConfigError([Problem(str(file), f"cannot be read: {error.strerror}")]) from None
    except ValidationError as error:
        raise ConfigError(
            [
                Problem(
                    f"{file}: {'.'.join(str(step) for step in each['loc'])}",
                    explain(
                        each | {"input": None}, NotifyConfig, str((each["loc"] or ("file",))[-1])
                    ),
                )
                for each in error.errors(include_url=False)
            ]
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError([Problem(str(file), f"is not TOML: {error}")]) from None
    if config.zalo is None and config.sms is None:
        raise ConfigError([Problem(str(file), "sends to nobody; add [zalo] or [sms]")])
    return config
