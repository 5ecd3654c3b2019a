"""``netwatch inventory sync netbox``: the inventory from NetBox, shown first and written then."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from netwatch.commands.inventory_plan import carry_out
from netwatch.core.errors import ConfigError, Problem
from netwatch.disk.reading import open_regular
from netwatch.imports.answers import read_answers
from netwatch.imports.netbox.client import NetboxApi, parse_server
from netwatch.imports.netbox.objects import ENDPOINTS, NetboxData
from netwatch.imports.netbox.sync import plan_sync
from netwatch.imports.present import read_present

MAX_TOKEN_OCTETS = 512
"""Octets of the file with the token."""

_OTHERS = 0o007


def add_action(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``sync`` and its arguments."""
    text = "đồng bộ từ NetBox / from NetBox 3.7 to 4.x; shows what it would write"
    parser = actions.add_parser("sync", help=text, description=text)
    parser.add_argument("source", choices=("netbox",), help="where it comes from")
    parser.add_argument("--url", required=True, help="https://netbox.example.vn")
    parser.add_argument(
        "--token-file", type=Path, metavar="FILE", required=True, help="file with the API token"
    )
    parser.add_argument("--ca", default="system", metavar="FILE", help="who signed its certificate")
    parser.add_argument(
        "--into", type=Path, metavar="DIR", required=True, help="directory of the inventory"
    )
    help_text = "mapping file with answers, written as a draft; default: netbox.map.yaml"
    parser.add_argument(
        "--map", type=Path, metavar="MAP", default=Path("netbox.map.yaml"), help=help_text
    )
    parser.add_argument("--apply", action="store_true", help="write what else is only shown")


def sync_netbox(options: argparse.Namespace) -> int:
    """Show what would be written, or write it; returns 0.

    Raises:
        ConfigError: NetBox can't be read, or with every mistake of it.
    """
    server = parse_server(options.url, read_token(options.token_file), options.ca)
    answers = read_answers(options.map)
    present = read_present(options.into)
    data = asyncio.run(_read(NetboxApi(server)))
    plan, review = plan_sync(data, f"{server.url.host}", present, answers)
    carry_out(plan, review, options.map, options.into, apply=options.apply)
    return 0


async def _read(api: NetboxApi) -> NetboxData:
    return {endpoint: await api.list(endpoint) for endpoint in ENDPOINTS}


def read_token(path: Path) -> str:
    """The token in a file, which others must not be able to read.

    Raises:
        ConfigError: it can't be read, is open to others, or holds no token.
    """
    try:
        with open_regular(path) as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(MAX_TOKEN_OCTETS + 1).decode("ascii", "replace").strip()
    except OSError as error:
        told = f"không đọc được / cannot be read: {error.strerror}"
        raise ConfigError([Problem(str(path), told)]) from None
    if mode & _OTHERS:
        told = "mở cho người khác / is open to other users: chmod o-rwx"
        raise ConfigError([Problem(str(path), told)])
    if not (0 < len(text) <= MAX_TOKEN_OCTETS and text.isprintable() and " " not in text):
        raise ConfigError([Problem(str(path), "không có token / has no token, on one line")])
    return text
