"""``netwatch demo``: the simulated province, watched by the daemon, in one command."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from netwatch.commands import lab
from netwatch.settings import Settings

STATE = Path(".demo/state")

FAULTS = Path("config/lab/demo-faults.yaml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The lab's own."""
    lab.add_lab_arguments(parser)


def execute(settings: Settings, options: argparse.Namespace) -> int:
    """Run until SIGINT or SIGTERM."""
    if options.faults is None and FAULTS.exists():
        options.faults = FAULTS
    if settings.state_dir is None:
        os.environ["NETWATCH_STATE_DIR"] = str(STATE.resolve())
    command = [sys.executable, "-m", "netwatch", "run"]
    if options.settings:
        command += ["--settings", str(options.settings.resolve())]
    return lab.play(settings, options, command)
