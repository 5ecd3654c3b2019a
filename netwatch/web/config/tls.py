"""TLS of the web server, from ``tls_server_config``."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from stat import S_IRWXO, S_ISREG

from netwatch.web.config.grammar import TlsServerConfig

MAX_PEM_OCTETS = 1024 * 1024
"""Octets of a file with certificates or a key."""

_VERSIONS = {"TLS12": ssl.TLSVersion.TLSv1_2, "TLS13": ssl.TLSVersion.TLSv1_3}
_VERIFY = {
    "NoClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}
_CURVES = {
    "CurveP256": "prime256v1",
    "CurveP384": "secp384r1",
    "CurveP521": "secp521r1",
    "X25519": "X25519",
}
_CIPHERS = {
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA": "ECDHE-ECDSA-AES128-SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA": "ECDHE-ECDSA-AES256-SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": "ECDHE-RSA-AES128-SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA": "ECDHE-RSA-AES256-SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": "ECDHE-ECDSA-AES256-GCM-SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "ECDHE-RSA-AES256-GCM-SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-RSA-CHACHA20-POLY1305",
}
"""The suites of TLS 1.2 that Go calls secure, and what OpenSSL calls them."""


class TlsError(ValueError):
    """TLS can't be served so. ``key``: of ``tls_server_config``; the message says what to do."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


def tls_context(config: TlsServerConfig, directory: Path) -> ssl.SSLContext:
    """What a connection is accepted with; paths are relative to ``directory``.

    Raises:
        TlsError: a file is missing or isn't what it should be, or two keys don't go together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.options |= ssl.OP_NO_RENEGOTIATION
    if not config.prefer_server_cipher_suites:
        context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    if config.max_version < config.min_version:
        raise TlsError("max_version", "is older than min_version; leave it out")
    context.minimum_version = _VERSIONS[config.min_version]
    context.maximum_version = _VERSIONS[config.max_version]
    _set_algorithms(context, config)
    _load_certificate(context, config, directory)
    _set_clients(context, config, directory)
    return context


def pem_files(config: TlsServerConfig, directory: Path) -> Iterator[tuple[str, Path]]:
    """Each key that names a file, and the file."""
    for key in ("cert_file", "key_file", "client_ca_file"):
        if (path := getattr(config, key)) is not None:
            yield key, directory / path


def key_is_open(config: TlsServerConfig, directory: Path) -> bool:
    """Whether every user of this machine may read the private key."""
    return bool((directory / config.key_file).stat().st_mode & S_IRWXO)


def _set_algorithms(context: ssl.SSLContext, config: TlsServerConfig) -> None:
    for name in config.cipher_suites:
        if name not in _CIPHERS:
            known = f"use suites of TLS 1.2 among {', '.join(_CIPHERS)}; those of TLS 1.3 are fixed"
            raise TlsError("cipher_suites", f"{name[:64]!r} is not served; {known}")
    if config.cipher_suites:
        context.set_ciphers(":".join(_CIPHERS[name] for name in config.cipher_suites))
    if len(config.curve_preferences) > 1:
        raise TlsError("curve_preferences", "takes one curve here; write one, or leave it out")
    for name in config.curve_preferences:
        if name not in _CURVES:
            raise TlsError("curve_preferences", f"{name[:64]!r}: use one of {', '.join(_CURVES)}")
        context.set_ecdh_curve(_CURVES[name])


def _load_certificate(context: ssl.SSLContext, config: TlsServerConfig, directory: Path) -> None:
    for key, path in pem_files(config, directory):
        try:
            status = path.stat()
        except OSError as error:
            raise TlsError(key, f"{path}: {error.strerror}; correct the path") from None
        except ValueError:  # a NUL, or what no path can hold
            raise TlsError(key, "is no path; correct it") from None
        if not S_ISREG(status.st_mode) or status.st_size > MAX_PEM_OCTETS:
            raise TlsError(key, f"{path} is no file of at most 1 MiB; write PEM into it")
    cert, key_path = directory / config.cert_file, directory / config.key_file
    try:
        # Without a password that it is given, OpenSSL would ask for one at the terminal.
        context.load_cert_chain(cert, key_path, password="")
    except ssl.SSLError:
        reason = f"{cert} is not a certificate in PEM, or {key_path} not its key without password"
        raise TlsError("cert_file", f"{reason}; give both of one pair") from None
    except OSError as error:
        raise TlsError("key_file", f"{key_path} or {cert}: {error.strerror}") from None


def _set_clients(context: ssl.SSLContext, config: TlsServerConfig, directory: Path) -> None:
    needed = config.client_auth_type != "NoClientCert"
    if needed and config.client_ca_file is None:
        raise TlsError("client_auth_type", "needs client_ca_file; name the authority of clients")
    if not needed and config.client_ca_file is not None:
        raise TlsError("client_ca_file", "needs client_auth_type: RequireAndVerifyClientCert")
    if config.client_allowed_sans and config.client_auth_type != "RequireAndVerifyClientCert":
        needs = "needs client_auth_type: RequireAndVerifyClientCert"
        raise TlsError("client_allowed_sans", needs)
    context.verify_mode = _VERIFY[config.client_auth_type]
    if config.client_ca_file is not None:
        path = directory / config.client_ca_file
        try:
            context.load_verify_locations(path)
        except OSError as error:  # ssl.SSLError is one
            reason = error.strerror if not isinstance(error, ssl.SSLError) else "no certificate"
            raise TlsError("client_ca_file", f"{path}: {reason}; write PEM into it") from None
