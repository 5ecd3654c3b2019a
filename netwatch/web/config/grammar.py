"""The keys of the web configuration file, as exporter-toolkit has them.

https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md

What can't be served is refused by name, so that nobody believes to be protected by it. No message
quotes a hash, or what was written in the place of one.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

MAX_BCRYPT_COST = 14
"""Of a hash; 12 takes a quarter of a second, and each step doubles it."""

MAX_USERS = 1000
"""Users of one file."""

_HASH = re.compile(r"\$2[aby]\$([0-9]{2})\$[./A-Za-z0-9]{53}")

_INLINE = "is not taken from this file; write it into a file of its own, and name that by {0}_file"
_UNVERIFIED = (
    "OpenSSL verifies every certificate that it asks for; write "
    "RequireAndVerifyClientCert, or VerifyClientCertIfGiven"
)
_GO_DURATION = re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,9})?(?:ms|s|m|h))+")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _refuse(message: str) -> BeforeValidator:
    """Refuses a key of exporter-toolkit that is not served here, with the remedy."""

    def refuse(_value: object) -> None:
        raise ValueError(message)

    return BeforeValidator(refuse)


def _client_auth(value: object) -> object:
    if value in ("RequestClientCert", "RequireAnyClientCert", "RequireClientCert"):
        raise ValueError(f"{value} is not served: {_UNVERIFIED}")
    return value


def _tls_version(value: object) -> object:
    if value in ("TLS10", "TLS11", "SSL30"):
        raise ValueError(f"{value} is no longer secure; write TLS12 or TLS13")
    return value


def _no_http2(value: object) -> object:
    if value != "false":
        raise ValueError("HTTP/2 is not served; write false, or leave the key out")
    return False


def _plain(value: str) -> str:
    if not value or not value.isascii() or not value.isprintable():
        raise ValueError("must be printable ASCII; leave the key out for what is sent by default")
    return value


def _one_of(*allowed: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be {' or '.join(allowed)}")
        return value

    return AfterValidator(check)


def _go_duration(value: object) -> float:
    if value == "0":
        return 0.0
    if not _GO_DURATION.fullmatch(str(value)):
        raise ValueError("must be a duration as 1s, 500ms or 1m30s; 0 for no limit")
    return sum(
        float(number) * _SECONDS[unit]
        for number, unit in re.findall(r"([0-9.]+)(ms|s|m|h)", str(value))
    )


def _hash(value: object) -> object:
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    if not found or int(found[1]) < 4:
        raise ValueError("is no bcrypt hash; make one with: htpasswd -nBC 12 NAME")
    if int(found[1]) > MAX_BCRYPT_COST:
        raise ValueError(f"costs more than {MAX_BCRYPT_COST}, seconds each time; make it with 12")
    return value


def _user(value: str) -> str:
    if ":" in value or not value.isprintable() or len(value) > 128:
        raise ValueError("a user has 1 to 128 printable characters, and no colon")
    return value


ClientAuth = Literal["NoClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"]
TlsVersion = Annotated[Literal["TLS12", "TLS13"], BeforeValidator(_tls_version)]
HeaderValue = Annotated[str, Field(max_length=2048), AfterValidator(_plain)]
PasswordHash = Annotated[SecretStr, BeforeValidator(_hash)]
User = Annotated[str, AfterValidator(_user)]


class TlsServerConfig(_Part):
    """``tls_server_config``."""

    cert: Annotated[None, _refuse(_INLINE.format("cert"))] = None
    key: Annotated[None, _refuse(_INLINE.format("key"))] = None
    client_ca: Annotated[None, _refuse(_INLINE.format("client_ca"))] = None
    cert_file: Path
    key_file: Path
    client_ca_file: Path | None = None
    client_auth_type: Annotated[ClientAuth, BeforeValidator(_client_auth)] = "NoClientCert"
    client_allowed_sans: tuple[str, ...] = ()
    min_version: TlsVersion = "TLS12"
    max_version: TlsVersion = "TLS13"
    cipher_suites: tuple[str, ...] = ()
    prefer_server_cipher_suites: bool = True
    curve_preferences: tuple[str, ...] = ()


class Headers(_Part):
    """``headers``: those that may be set, by their names in HTTP."""

    content_security_policy: HeaderValue | None = Field(None, alias="Content-Security-Policy")
    x_frame_options: Annotated[HeaderValue, _one_of("deny", "sameorigin")] | None = Field(
        None, alias="X-Frame-Options"
    )
    x_content_type_options: Annotated[HeaderValue, _one_of("nosniff")] | None = Field(
        None, alias="X-Content-Type-Options"
    )
    x_xss_protection: HeaderValue | None = Field(None, alias="X-XSS-Protection")
    strict_transport_security: HeaderValue | None = Field(None, alias="Strict-Transport-Security")

    def as_sent(self) -> dict[str, str]:
        """Those that are set, by name."""
        return self.model_dump(by_alias=True, exclude_none=True)


class HttpServerConfig(_Part):
    """``http_server_config``."""

    http2: Annotated[Literal[False], BeforeValidator(_no_http2)] = False
    headers: Headers = Headers()


class RateLimit(_Part):
    """``rate_limit``: one request in ``interval`` seconds, and ``burst`` at once."""

    interval: Annotated[float, BeforeValidator(_go_duration)] = 0.0
    burst: int = Field(default=0, ge=0, le=1_000_000)


class WebConfigFile(_Part):
    """The whole file; every part may be missing."""

    tls_server_config: TlsServerConfig | None = None
    http_server_config: HttpServerConfig = HttpServerConfig()
    basic_auth_users: dict[User, PasswordHash] = Field({}, max_length=MAX_USERS)
    rate_limit: RateLimit = RateLimit()
