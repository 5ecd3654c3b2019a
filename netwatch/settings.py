"""The settings of this machine, and the secrets that the inventory only names."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.reading import read_file
from netwatch.inventory.explain import explain, suggest

_PREFIX = "NETWATCH_"
_SECRET_PREFIX = "NETWATCH_SECRET_"  # noqa: S105 (a name, not a secret)
_OFF = "off"
_MAX_SECRET_BYTES = 4096
_MAX_FILE_BYTES = 1 << 20


def _listen(value: object) -> str:
    match = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):([0-9]{1,5})", str(value))
    if match and int(match[3]) <= 65535:
        try:
            host = ip_address(match[1] or match[2])
        except ValueError:
            pass  # the same remedy as for any other form
        else:
            return f"{host}:{match[3]}" if host.version == 4 else f"[{host}]:{match[3]}"
    raise ValueError(
        f"{str(value)[:64]!r} is not address:port; write e.g. 127.0.0.1:10880 or [::1]:10880"
    )


def _listed(value: object) -> object:
    """The items of a list as the environment has them: with commas between."""
    if isinstance(value, str):
        return tuple(item for part in value.split(",") if (item := part.strip()))
    return value


def _web_host(value: str) -> str:
    if len(value) <= 253 and re.fullmatch(r"[A-Za-z0-9._-]+", value):
        return value
    try:
        return str(ip_address(value))
    except ValueError:
        raise ValueError(
            f"{value[:64]!r} is not a host name or address; write it without scheme and port"
        ) from None


def _listen_or_off(value: object) -> str:
    return _OFF if value == _OFF else _listen(value)


def _web_address(value: str) -> str:
    """An address that a browser is sent to: nothing that it would run."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be a web address such as https://grafana.haiduong.gov.vn")
    return value.rstrip("/")


def _by_address(value: str) -> str:
    """A web address without a name: none is looked up."""
    parts = urlsplit(value)
    try:
        ip_address(parts.hostname or "")
        is_whole = parts.scheme in {"http", "https"} and not (parts.query or parts.fragment)
        is_whole &= parts.port != 0 and parts.username is None
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ValueError("must be a web address by IP address such as http://127.0.0.1:9093")
    return value.rstrip("/")


def split_listen(listen: str) -> tuple[str, int]:
    """Host and port of ``address:port``.

    Raises:
        ValueError: it is something else; the message says what to write.
    """
    host, _, port = _listen(listen).rpartition(":")
    return host.strip("[]"), int(port)


class Settings(BaseSettings):
    """The settings of one machine. Everything about the province stands in the inventory.

    Attributes:
        listen: address and port of the web server; port 0 takes any free one.
        inventory: directory of the inventory.
        vantage: id of the place in the inventory where this collector stands.
        secrets_dir: directory with one file a secret.
        state_dir: directory for what survives a restart; None when nothing does.
        journal_days: for how many days events are kept after their end.
        log_level: the least severe messages that are logged.
        traps: address and UDP port for SNMP traps, or ``off``.
        web_config: file with TLS, logins and headers of the web server; None: neither is wanted.
        web_act_users: those of its users who may change something; all others may only look.
        web_hosts: names by which clients call the web server, beside its address.
        grafana_url: address of the province's Grafana, which the page links to; None: no links.
        map_outline: GeoJSON file with the outline of the province, for its map; None: without one.
        page_url: address of the status page as people reach it, for the links of alerts.
        runbooks_url: address of a copy of docs/runbooks, for the links of incidents.
        alertmanager_url: of the Alertmanager that is silenced about what somebody has taken on.
        prometheus_url: address of the Prometheus that reads this collector, which reports ask for
            loss, round trips and the load of lines; None: they say that they have none.
        calendar_octets: octets of a calendar, at the most.
        calendar_events: events of this month and the next days that are kept of a calendar.
        calendar_seconds: of processor time for reading a calendar.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True)

    listen: Annotated[str, BeforeValidator(_listen)] = "127.0.0.1:10880"
    inventory: Path = Path("config/inventory")
    vantage: str = "state-dc"
    secrets_dir: Path = Path("/etc/netwatch/secrets")
    state_dir: Path | None = None
    journal_days: int = Field(default=400, ge=1, le=3650)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    traps: Annotated[str, BeforeValidator(_listen_or_off)] = _OFF
    web_config: Path | None = None
    web_act_users: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ()
    web_hosts: Annotated[
        tuple[Annotated[str, AfterValidator(_web_host)], ...], NoDecode, BeforeValidator(_listed)
    ] = ()
    grafana_url: Annotated[str, AfterValidator(_web_address)] | None = None
    map_outline: Path | None = None
    page_url: Annotated[str, AfterValidator(_web_address)] | None = None
    runbooks_url: Annotated[str, AfterValidator(_web_address)] | None = None
    alertmanager_url: Annotated[str, AfterValidator(_by_address)] | None = None
    prometheus_url: Annotated[str, AfterValidator(_by_address)] | None = None
    calendar_octets: int = Field(default=8 << 20, ge=1 << 16, le=64 << 20)
    calendar_events: int = Field(default=5000, ge=100, le=50_000)
    calendar_seconds: int = Field(default=20, ge=1, le=300)

    @property
    def listen_address(self) -> tuple[str, int]:
        """Host and port of ``listen``."""
        return split_listen(self.listen)

    @property
    def traps_address(self) -> tuple[str, int] | None:
        """Host and port of ``traps``; None when none are received."""
        return None if self.traps == _OFF else split_listen(self.traps)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment overrides the settings file, whose content the constructor is given."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def load_settings(file: Path | None = None) -> Settings:
    """Settings from NETWATCH_* in the environment, then from a TOML file, then the defaults.

    Raises:
        ConfigError: with every problem found.
    """
    text = "" if file is None else _read(file)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([Problem(str(file), f"is not TOML: {error}")]) from None
    problems = _unknown_variables()
    try:
        settings = Settings(**values)
    except ValidationError as error:
        problems += [_problem(details, file, text) for details in error.errors(include_url=False)]
        raise ConfigError(problems) from None
    if problems:
        raise ConfigError(problems)
    return settings


def _read(file: Path) -> str:
    try:
        return read_file(file, _MAX_FILE_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise ConfigError([Problem(str(file), f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise ConfigError([Problem(str(file), "is not UTF-8; save it as UTF-8")]) from None


def _unknown_variables() -> list[Problem]:
    known = {_PREFIX + name.upper() for name in Settings.model_fields}
    return [
        Problem(f"environment variable {name}", f"is not a setting; {suggest(name, known)}")
        for name in sorted(os.environ)
        if name.startswith(_PREFIX) and name not in known and not name.startswith(_SECRET_PREFIX)
    ]


def _problem(error: ErrorDetails, file: Path | None, text: str) -> Problem:
    key = str(error["loc"][0])
    variable = _PREFIX + key.upper()
    if variable in os.environ:
        place = f"environment variable {variable}"
    else:
        lines = text.splitlines()
        line = next((n for n, line in enumerate(lines, 1) if re.match(rf"\s*\W?{key}\b", line)), 1)
        place = f"{file}:{line}"
    return Problem(place, explain(error, Settings, key))


class SecretStore:
    """Finds secrets by name, in this order.

    1. A systemd credential: the file ``$CREDENTIALS_DIRECTORY/secret_<name>``, which is the name
       that ``LoadCredential=secret:DIRECTORY`` gives to each file of a directory.
    2. The file ``<secrets_dir>/<name>``, which others must not be able to read.
    3. The environment variable ``NETWATCH_SECRET_<NAME>``, with underscores.
    """

    def __init__(self, secrets_dir: Path, environ: Mapping[str, str] = os.environ) -> None:
        self._secrets_dir = secrets_dir
        self._environ = environ

    def get(self, name: str) -> SecretStr:
        """The secret called ``name``, without the newline that ends its file.

        Raises:
            ConfigError: it is missing or empty, or others may read its file.
        """
        for source in (self._credential, self._file, self._variable):
            if (value := source(name)) is not None:
                break
        else:
            raise _refused(
                name,
                f"is missing; give it as systemd credential secret_{name}, as file "
                f"{self._secrets_dir / name}, or as environment variable {secret_variable(name)}",
            )
        text = value.get_secret_value().removesuffix("\n").removesuffix("\r")
        if not text:
            raise _refused(name, "is empty; write the secret into it")
        return SecretStr(text)

    def _credential(self, name: str) -> SecretStr | None:
        directory = self._environ.get("CREDENTIALS_DIRECTORY")
        return _read_secret(name, Path(directory) / f"secret_{name}") if directory else None

    def _file(self, name: str) -> SecretStr | None:
        return _read_secret(name, self._secrets_dir / name, private=True)

    def _variable(self, name: str) -> SecretStr | None:
        value = self._environ.get(secret_variable(name))
        return None if value is None else SecretStr(value)


def secret_variable(name: str) -> str:
    """The environment variable that may hold the secret called ``name``."""
    return _SECRET_PREFIX + re.sub(r"[^A-Z0-9]", "_", name.upper())


def _read_secret(name: str, path: Path, *, private: bool = False) -> SecretStr | None:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_SECRET_BYTES:
            raise _refused(name, f"is not a file of at most {_MAX_SECRET_BYTES} bytes: {path}")
        if private and status.st_mode & stat.S_IRWXO:
            raise _refused(name, f"is open to every user; run chmod o-rwx {path}")
        return SecretStr(read_file(path, _MAX_SECRET_BYTES).decode("utf-8-sig"))
    except FileNotFoundError:
        return None
    except PermissionError:
        remedy = "let its user read it, or restart the service, which takes new secrets only then"
        raise _refused(name, f"may not be read from {path}; {remedy}") from None
    except OSError as error:
        raise _refused(name, f"cannot be read from {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _refused(name, f"is not UTF-8 text: {path}") from None


def _refused(name: str, message: str) -> ConfigError:
    return ConfigError([Problem(f"secret {name}", message)])
