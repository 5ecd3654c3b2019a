"""Settings of the program, and the secrets that the inventory names but never holds."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from netwatch.core.errors import ConfigError, Problem

_PREFIX = "NETWATCH_"
_SECRET_PREFIX = "NETWATCH_SECRET_"  # noqa: S105 (a name, not a secret)
_MAX_SECRET_BYTES = 4096


class Listen(NamedTuple):
    """Where the web server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _listen(value: object) -> Listen:
    match = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):([0-9]{1,5})", str(value))
    try:
        host, port = str(ip_address(match[1] or match[2])), int(match[3])  # type: ignore[index]
    except (TypeError, ValueError):
        host, port = "", -1
    if not 0 <= port <= 65535:
        raise ValueError(
            f"{value!r} is not address:port; write e.g. 127.0.0.1:10880 or [::1]:10880"
        )
    return Listen(host, port)
