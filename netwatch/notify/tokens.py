"""The tokens of a Zalo Official Account: a refresh token is good once, so each new one is kept."""

from __future__ import annotations

import json
import logging
import stat
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.private import replace_file
from netwatch.disk.reading import read_file

logger = logging.getLogger(__name__)

MAX_OCTETS = 1 << 16
"""Size of the file."""


class ZaloTokens(BaseModel):
    """What is in the file. Attributes: refresh_token; access_token, None before the first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    refresh_token: SecretStr
    access_token: SecretStr | None = None


def read_tokens(file: Path) -> ZaloTokens:
    """The tokens in the file.

    Raises:
        ConfigError: it can't be read, others may read it, or it holds no refresh token.
    """
    try:
        if file.stat().st_mode & (stat.S_IRWXO | stat.S_IRWXG):
            raise _refused(file, f"is open to others; run chmod 600 {file}")
        return ZaloTokens.model_validate_json(read_file(file, MAX_OCTETS, follow=False))
    except OSError as error:
        raise _refused(file, f"cannot be read: {error.strerror}; docs/notifications.md") from None
    except ValidationError:
        remedy = 'write {"refresh_token": "..."} into it'
        raise _refused(file, f"holds no refresh token; {remedy}") from None


def keep_tokens(file: Path, tokens: ZaloTokens) -> None:
    """Write tokens down; where that fails, it is logged, and they are good until the end."""
    held = {
        "refresh_token": tokens.refresh_token.get_secret_value(),
        "access_token": tokens.access_token.get_secret_value() if tokens.access_token else None,
    }
    try:
        replace_file(file, json.dumps(held).encode())
    except OSError as error:
        logger.error(
            "%s can't be written: %s; after a restart a new refresh token is needed",
            file,
            error.strerror,
        )


def _refused(file: Path, message: str) -> ConfigError:
    return ConfigError([Problem(str(file), message)])
