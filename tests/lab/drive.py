"""Runs the lab as the command line does, for tests that start it as a process of its own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from netwatch.core.errors import NetwatchError
from netwatch.lab.run import run_lab
from netwatch.settings import SecretStore
from netwatch.web.listener import open_listener


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--loopback", action="store_true")
    parser.add_argument("inside", nargs="*")
    options = parser.parse_args()
    faults = options.directory / "faults.yaml"
    try:
        return run_lab(
            options.directory / "inventory",
            faults=faults if faults.exists() else None,
            log=options.directory / "log",
            listener=open_listener("127.0.0.1", 0),
            command=options.inside,
            seed=1,
            secrets=SecretStore(options.directory / "secrets"),
            vantage="state-dc",
            namespaces=not options.loopback,
        )
    except NetwatchError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
