"""The device that a command is about: a target of the inventory, or any address."""

from __future__ import annotations

import argparse
from ipaddress import ip_address
from typing import TypeGuard

from netwatch.commands.names import unknown
from netwatch.configuration import Configuration, read_configuration
from netwatch.core.check import Check
from netwatch.core.credential import Credential
from netwatch.core.errors import ConfigError, Problem
from netwatch.inventory.credentials import resolve
from netwatch.probes.snmp import SnmpParams
from netwatch.settings import SecretStore, Settings

TIMEOUT = 30.0
"""Seconds that a poll of one device may take; somebody is waiting."""


def add_device_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the device, and the credential for one that is not in the inventory."""
    parser.add_argument("device", metavar="ADDRESS|SITE/TARGET")
    parser.add_argument(
        "--credential",
        metavar="ID",
        help="tên thông tin đăng nhập trong kho / id of a credential of the inventory",
    )
    parser.add_argument("--port", type=int, metavar="PORT", help="UDP port, 161 by default")


def snmp_check(settings: Settings, options: argparse.Namespace) -> Check[SnmpParams]:
    """An SNMP check of the device, with all profiles that fit it.

    Raises:
        ConfigError: there is no such target, or no credential for it.
    """
    configuration = read_configuration(settings)
    known = _known(configuration, options.device)
    if options.credential is not None:
        credential = credential_named(configuration, settings, options.credential)
    elif known is not None and known.credential is not None:
        credential = known.credential
    else:
        message = "is no target with an SNMP check; give SITE/TARGET, or ADDRESS and --credential"
        raise ConfigError([Problem(options.device, message)])
    port = options.port
    if port is None:
        port = known.params.port if known else 161
    params = SnmpParams.model_validate({"port": port, "max_series": 1_000_000})
    site, target = (known.site, known.target) if known else ("", options.device)
    address = known.address if known else options.device
    return Check(site, target, "snmp", "snmp", address, 60.0, TIMEOUT, params, credential)


def is_snmp(check: Check) -> TypeGuard[Check[SnmpParams]]:
    """Whether a check polls a device."""
    return isinstance(check.params, SnmpParams)


def _known(configuration: Configuration, device: str) -> Check[SnmpParams] | None:
    """The SNMP check of a target, given by its name or its address; None for another address.

    Raises:
        ConfigError: ``device`` is neither a target with an SNMP check nor an address.
    """
    for check in configuration.checks:
        named = device in {f"{check.site}/{check.target}", check.address}
        if is_snmp(check) and check.flow is None and named:
            return check
    try:
        ip_address(device)
    except ValueError:
        known = {f"{c.site}/{c.target}" for c in configuration.checks if is_snmp(c)}
        remedy = "give SITE/TARGET or an address"
        raise unknown(device, "no such target with an SNMP check", known, remedy) from None
    return None


def credential_named(configuration: Configuration, settings: Settings, name: str) -> Credential:
    """The credential of the inventory with this id.

    Raises:
        ConfigError: there is none, or its secrets are missing.
    """
    spec = configuration.inventory.credentials.get(name)
    if spec is None:
        # They are few: all are told, not only the nearest.
        known = ", ".join(sorted(configuration.inventory.credentials)) or "none"
        raise ConfigError([Problem(name, f"no such credential; use one of {known}")])
    return resolve(spec, SecretStore(settings.secrets_dir))
