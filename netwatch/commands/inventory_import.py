"""``netwatch inventory import``: the inventory from a spreadsheet, shown first and written then."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from netwatch.commands.inventory_plan import carry_out, write_files
from netwatch.core.errors import ConfigError, Problem, StartError
from netwatch.imports.answers import read_answers
from netwatch.imports.present import read_present
from netwatch.imports.process import read_sheets
from netwatch.imports.spreadsheet import plan_import


def add_action(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``import`` and its arguments."""
    text = "từ bảng tính (xlsx, ods, xls, csv) / from a spreadsheet; shows what it would write"
    parser = actions.add_parser("import", help=text, description=text)
    parser.add_argument("file", type=Path, metavar="FILE", help="xlsx, xlsm, xls, ods, csv")
    parser.add_argument(
        "--into", type=Path, metavar="DIR", required=True, help="directory of the inventory"
    )
    help_text = "mapping file with answers, written as a draft; default: FILE.map.yaml"
    parser.add_argument("--map", type=Path, metavar="MAP", help=help_text)
    parser.add_argument("--apply", action="store_true", help="write what else is only shown")


def add_template_action(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``template`` and its argument."""
    text = "bảng tính mẫu để điền / a workbook to fill in, with lists to choose from"
    parser = actions.add_parser("template", help=text, description=text)
    parser.add_argument("--to", type=Path, metavar="FILE.xlsx", required=True)


def write_template(options: argparse.Namespace) -> int:
    """Write the workbook, and never over one that is there; returns 0.

    Raises:
        ConfigError: the file is there, or can't be written.
        StartError: the library is missing.
    """
    file: Path = options.to
    if file.suffix.lower() != ".xlsx":
        raise ConfigError([Problem(f"--to {file}", "phải là tệp .xlsx / must be a file .xlsx")])
    if file.exists():
        raise ConfigError([Problem(f"--to {file}", "đã có tệp này / is there already")])
    try:
        template = import_module("netwatch.imports.template").template
    except ModuleNotFoundError:
        raise StartError(
            "netwatch inventory template: XlsxWriter is not installed;"
            " run pip install --require-hashes -r requirements/import.txt"
        ) from None
    write_files({file: template()})
    print(f"{file}: điền rồi chạy / fill it in, then: netwatch inventory import {file} --into DIR")
    return 0


def import_spreadsheet(options: argparse.Namespace) -> int:
    """Show what would be written, or write it; returns 0.

    Raises:
        ConfigError: with every mistake of the file, after the draft of the mapping file is written.
        StartError: a library is missing.
    """
    file, into = options.file, options.into
    mapping: Path = options.map or file.with_suffix(".map.yaml")
    answers = read_answers(mapping)
    present = read_present(into)
    plan, review = plan_import(read_sheets(file), file.name, present, answers)
    carry_out(plan, review, mapping, into, apply=options.apply)
    return 0
