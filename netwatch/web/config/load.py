"""Reads the web configuration file, and makes of it what the web server works by."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from netwatch.core.errors import ConfigError, Problem
from netwatch.inventory.explain import explain, suggest
from netwatch.inventory.yaml import Document, SourcePosition, TreePath, read_file
from netwatch.web.config.grammar import RateLimit, TlsServerConfig, WebConfigFile
from netwatch.web.config.tls import TlsError, key_is_open, pem_files, tls_context

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WebConfig:
    """What the web server works by; as it stands here, without TLS and without logins.

    Attributes:
        tls: what connections are accepted with; None: without TLS.
        allowed_sans: one of these must be in a client's certificate; empty: any may.
        headers: sent with every answer, beside or instead of our own.
        users: bcrypt hashes by user; empty: nobody needs to log in.
        act_users: those among them who may change something; the others may only look.
        rate: how often each source may ask.
        files: all that it was read from.
    """

    tls: ssl.SSLContext | None = None
    allowed_sans: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    act_users: frozenset[str] = frozenset()
    rate: RateLimit = field(default_factory=RateLimit)
    files: tuple[Path, ...] = ()

    @property
    def knows_clients(self) -> bool:
        """Whether only those are served whom we know: by a login, or by their certificate."""
        by_certificate = self.tls is not None and self.tls.verify_mode == ssl.CERT_REQUIRED
        return bool(self.users) or by_certificate


def load_web_config(file: Path, act_users: Collection[str] = ()) -> WebConfig:
    """What ``file`` says; paths in it are relative to its directory.

    Raises:
        ConfigError: with every problem found; none quotes a hash.
    """
    document = read_file(file)
    problems = [Problem(str(mistake.place), mistake.message) for mistake in document.mistakes]
    try:
        parsed = WebConfigFile.model_validate(document.root)
    except ValidationError as error:
        problems += _explained(error, document, file)
        raise ConfigError(problems) from None
    users = {name: hash_.get_secret_value() for name, hash_ in parsed.basic_auth_users.items()}
    problems += [_unknown_user(name, users) for name in act_users if name not in users]
    if parsed.rate_limit.interval and not parsed.rate_limit.burst:
        place = _place(("rate_limit", "interval"), document, file)
        problems.append(Problem(place, "needs burst, how many requests may come at once; add it"))
    config = _with_tls(parsed, document, file, problems)
    if problems:
        raise ConfigError(problems)
    return WebConfig(
        *config,
        headers=parsed.http_server_config.headers.as_sent(),
        users={name: hash_.encode() for name, hash_ in users.items()},
        act_users=frozenset(act_users),
        rate=parsed.rate_limit,
        files=(file, *_named_files(parsed, file)),
    )


def vantage_tls(directory: Path) -> WebConfig:
    """TLS 1.3 with ``gate.crt`` and ``gate.key``; clients need a certificate of ``ca.crt``.

    Raises:
        ConfigError: one of these files is missing, or isn't what it should be.
    """
    tls = TlsServerConfig(
        cert_file=Path("gate.crt"),
        key_file=Path("gate.key"),
        client_ca_file=Path("ca.crt"),
        client_auth_type="RequireAndVerifyClientCert",
        min_version="TLS13",
    )
    try:
        context = tls_context(tls, directory)
    except TlsError as error:
        remedy = "it needs gate.crt, gate.key and ca.crt: docs/vantages.md"
        raise ConfigError([Problem("gate", f"{str(error).partition('; ')[0]}; {remedy}")]) from None
    return WebConfig(context, files=tuple(path for _, path in pem_files(tls, directory)))


def _with_tls(
    parsed: WebConfigFile, document: Document, file: Path, problems: list[Problem]
) -> tuple[ssl.SSLContext | None, frozenset[str]]:
    """``tls`` and ``allowed_sans``; what is wrong with them is added to the problems."""
    tls = parsed.tls_server_config
    if tls is None:
        return None, frozenset()
    try:
        context = tls_context(tls, file.parent)
        if key_is_open(tls, file.parent):
            logger.warning("%s is open to every user; run chmod o-rwx on it", tls.key_file)
    except TlsError as error:
        place = _place(("tls_server_config", error.key), document, file)
        problems.append(Problem(place, f"{error.key}: {error}"))
        return None, frozenset()
    return context, frozenset(tls.client_allowed_sans)


def _named_files(parsed: WebConfigFile, file: Path) -> tuple[Path, ...]:
    tls = parsed.tls_server_config
    return tuple(path for _, path in pem_files(tls, file.parent)) if tls else ()


def _explained(error: ValidationError, document: Document, file: Path) -> list[Problem]:
    problems = []
    for details in error.errors(include_url=False, include_input=True):
        path = tuple(step for step in details["loc"] if step != "[key]")
        key = next((str(step) for step in reversed(path) if isinstance(step, str)), "file")
        place = _place(path, document, file)
        # What stands there is not quoted: it may be a password in the wrong place.
        unquoted = details | {"input": None}
        problems.append(Problem(place, explain(unquoted, WebConfigFile, key)))
    return problems


def _place(path: TreePath, document: Document, file: Path) -> str:
    """The nearest place in the file at or above ``path``."""
    while path and path not in document.places:
        path = path[:-1]
    return str(document.places.get(path, SourcePosition(str(file), 1)))


def _unknown_user(name: str, users: Collection[str]) -> Problem:
    message = f"{name[:64]!r} is not in basic_auth_users of web_config; {suggest(name, users)}"
    return Problem("web_act_users", message)
