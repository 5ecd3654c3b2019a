"""``netwatch lab``: a simulated province, and a command that runs inside it."""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from netwatch import probes
from netwatch.core.errors import StartError
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import CommunitySpec, Inventory
from netwatch.settings import SecretStore, Settings, secret_variable
from netwatch.web.listener import open_listener

LOG = Path(".demo/lab.jsonl")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lab's arguments, and the command to run inside it."""
    add_lab_arguments(parser)
    parser.add_argument("inside", nargs="*", metavar="-- COMMAND", help="what to run inside")


def add_lab_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that ``lab`` and ``demo`` have in common."""
    parser.add_argument("--faults", type=Path, metavar="FILE", help="script of what goes wrong")
    parser.add_argument(
        "--log", type=Path, metavar="FILE", default=LOG, help=f"what the lab did (default: {LOG})"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of losses, jitter and the like")
    parser.add_argument(
        "--round-trips", type=Path, metavar="FILE", help="the wire's own round trip of each echo"
    )
    parser.add_argument(
        "--loopback", action="store_true", help="use 127.0.0.0/8 instead of namespaces"
    )


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Simulate the province until the command ends; returns the command's exit status."""
    return play(settings, options, options.inside)


def play(settings: Settings, options: argparse.Namespace, command: Sequence[str]) -> int:
    """Simulate the province while a command runs; returns its status, raises as ``run_lab``."""
    try:
        from netwatch.lab.run import run_lab  # noqa: PLC0415 - a service needs no lab
    except ModuleNotFoundError as error:
        raise StartError(f"the lab needs {error.name}; run: pip install 'netwatch[lab]'") from None
    schemas = probes.schemas()
    invent_secrets(load_inventory(settings.inventory, schemas))
    listener = open_listener(*settings.listen_address)
    options.log.parent.mkdir(parents=True, exist_ok=True)
    return run_lab(
        settings.inventory,
        faults=options.faults,
        log=options.log,
        listener=listener,
        command=command,
        seed=options.seed,
        secrets=SecretStore(settings.secrets_dir),
        vantage=settings.vantage,
        namespaces=not options.loopback,
        round_trips=options.round_trips,
    )


def invent_secrets(inventory: Inventory) -> None:
    """Set a random secret in the environment for each that the inventory names and nobody gave."""
    for credential in inventory.credentials.values():
        if isinstance(credential, CommunitySpec):
            names = [credential.community]
        else:
            names = [credential.auth_key, *([credential.priv_key] if credential.priv_key else [])]
        for name in names:
            os.environ.setdefault(secret_variable(name), secrets.token_hex(16))
