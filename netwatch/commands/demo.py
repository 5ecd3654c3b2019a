"""``netwatch demo``: the simulated province, monitored by the daemon, in one command."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from netwatch.commands import lab
from netwatch.settings import Settings

STATE_DIR = Path(".demo/state")

FAULTS = Path("config/lab/demo-faults.yaml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``netwatch lab``."""
    lab.add_lab_arguments(parser)


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Run the lab and the daemon until SIGINT or SIGTERM; returns the daemon's exit status."""
    if options.faults is None and FAULTS.exists():
        options.faults = FAULTS
    if settings.state_dir is None:
        os.environ["NETWATCH_STATE_DIR"] = str(STATE_DIR.resolve())
    command = [sys.executable, "-m", "netwatch", "run"]
    if options.settings:
        command += ["--settings", str(options.settings.resolve())]
    return lab.play(settings, options, command)
