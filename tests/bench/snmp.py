"""SNMP: a daemon that polls many switches, and snmp_exporter and snmpbulkwalk beside it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

import yaml

from netwatch.snmp import load_profile
from netwatch.snmp.profile import Column, ValueKind
from tests.bench import hostile
from tests.bench.agents import COMMUNITY, PORT, agents
from tests.bench.table import row
from tests.harness.daemon import Usage, address, inventory, running, usage_of
from tests.harness.ports import free_port

WALKS = 60
"""Of each peer."""

REPETITIONS = 64
"""Rows in an answer, as netwatch asks for."""

TABLES = ("1.3.6.1.2.1.31.1.1.1", "1.3.6.1.2.1.2.2.1")
"""ifXEntry and ifEntry, which is what the peers walk as well."""


def main() -> None:
    """Print the rows."""
    with agents(100, 48):
        peers = (snmp_exporter(), snmpbulkwalk())
    for devices, interval in ((100, 10), (2000, 60)):
        with agents(devices, 48):
            ours = netwatch(devices, interval)
        for name, (walk, varbind) in zip(("snmp_exporter", "snmpbulkwalk"), peers, strict=True):
            if walk:
                share = f"{ours[0] / walk:.2f} / {ours[1] / varbind:.2f}"
                row(f"{devices} devices: ratio to {name}, a poll / a value", share, "same run")
    versions()
    hostile.main()


def netwatch(devices: int, interval: int) -> tuple[float, float]:
    """CPU seconds a poll and a value, everything included that a daemon does with them."""
    checks = f"{{probe: snmp, port: {PORT}, interval: {interval}s, timeout: 8s}}"
    what = f"SNMP v2c, {devices} switches with 48 ports every {interval} s"
    with running(inventory(devices, checks)) as daemon:
        time.sleep(interval * 2.2)  # each device is got to know, and then polled as ever after
        values = len(re.findall(r"\nif\w+{", daemon.get("/metrics"))) / devices
        before, start = daemon.usage(), time.monotonic()
        time.sleep(interval * 2)
        bare, seconds = daemon.usage().cpu - before.cpu, time.monotonic() - start
        before, start = daemon.usage(), time.monotonic()
        daemon.get("/metrics")
        polling = bare / seconds * (time.monotonic() - start)  # it goes on during the scrape
        scrape = daemon.usage().cpu - before.cpu - polling
        memory = daemon.usage().memory / devices / 1024
    polls = devices / interval * seconds
    a_scrape = scrape / devices
    row(f"{what}: share of a core, without scrapes", f"{bare / seconds:.3f}", f"{polls:.0f} polls")
    row(f"{what}: CPU a poll", f"{bare / polls * 1e3:.2f} ms", f"{values:.0f} values")
    row(f"{what}: CPU a value", f"{bare / polls / values * 1e6:.2f} µs", "")
    row(f"{what}: CPU of a scrape, a value", f"{a_scrape / values * 1e6:.2f} µs", "")
    row(f"{what}: resident memory", f"{memory:.0f} KiB a device", "whole process, page made")
    whole = bare / polls + a_scrape
    row(f"{what}: CPU a value, one scrape a poll", f"{whole / values * 1e6:.2f} µs", "")
    return whole, whole / values


def versions() -> None:
    """CPU of a poll by v3 authPriv against v2c, the same device with 48 ports, in one process."""
    command = [sys.executable, "-m", "tests.bench.versions"]
    found = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    old, new = map(float, found)
    row("SNMP v2c: CPU a poll, one device after the other", f"{old * 1e3:.2f} ms", "")
    row("SNMP v3 SHA-256 AES-128: the same", f"{new * 1e3:.2f} ms", f"ratio {new / old:.2f}")


def snmpbulkwalk() -> tuple[float, float]:
    """CPU seconds of the two tables and of one varbind, the process's start included."""
    if shutil.which("snmpbulkwalk") is None:
        row("snmpbulkwalk", "not installed", "apt install snmp")
        return 0, 0
    options = ["-v2c", "-c", COMMUNITY.decode(), f"-Cr{REPETITIONS}", "-m", "", "-On"]
    before, lines = getrusage(RUSAGE_CHILDREN), 0
    for number in range(WALKS):
        for table in TABLES:
            command = ["snmpbulkwalk", *options, f"{address(number)}:{PORT}", table]
            lines += subprocess.run(command, capture_output=True, check=True).stdout.count(b"\n")
    after = getrusage(RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    row("snmpbulkwalk: CPU a walk of 48 ports", f"{used / WALKS * 1e3:.2f} ms", f"{WALKS} walks")
    row(
        "snmpbulkwalk: CPU a varbind", f"{used / lines * 1e6:.2f} µs", f"{lines / WALKS:.0f} a walk"
    )
    return used / WALKS, used / lines


def snmp_exporter() -> tuple[float, float]:
    """CPU seconds of a walk and of one varbind, asked as often as 2 000 devices would be."""
    program = shutil.which("prometheus-snmp-exporter")
    if program is None:
        row("snmp_exporter", "not installed", "apt install prometheus-snmp-exporter")
        return 0, 0
    with _exporter(program) as (process, port):
        get(port, 0)
        before, varbinds = usage_of(process.pid), 0.0
        for number in range(WALKS):
            page = get(port, number)
            [found] = re.findall(r"\nsnmp_scrape_pdus_returned (\S+)", page)
            varbinds += float(found)
            time.sleep(60 / 2000)
        after: Usage = usage_of(process.pid)
    used = after.cpu - before.cpu
    row("snmp_exporter: CPU a walk of 48 ports", f"{used / WALKS * 1e3:.2f} ms", f"{WALKS} walks")
    count = f"{varbinds / WALKS:.0f} a walk"
    row("snmp_exporter: CPU a varbind", f"{used / varbinds * 1e6:.2f} µs", count)
    return used / WALKS, used / varbinds


def get(port: int, number: int) -> str:
    """What the exporter says of one switch."""
    where = f"127.0.0.1:{port}/snmp?module=if_mib&target={address(number)}:{PORT}"
    with urllib.request.urlopen(f"http://{where}", timeout=30) as answer:
        return str(answer.read().decode())


@contextmanager
def _exporter(program: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with TemporaryDirectory(prefix="netwatch-bench-") as home:
        file = Path(home) / "snmp.yml"
        file.write_text(yaml.safe_dump({"if_mib": _module()}), encoding="utf-8")
        port = free_port()
        listen = f"--web.listen-address=127.0.0.1:{port}"
        process = subprocess.Popen(
            [program, f"--config.file={file}", listen, "--log.level=error"],
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            yield process, port
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise SystemExit("snmp_exporter did not start") from None
            time.sleep(0.1)
        else:
            return


def _module() -> dict[str, object]:
    """The interface table of our own profile, as the exporter wants it written."""
    [table] = [table for table in load_profile("if_mib").tables if table.name == "interfaces"]
    columns = [
        (f"{entry.oid}.{column.column}", column)
        for entry in table.entries
        if entry.oid in TABLES
        for column in entry.columns
    ]
    index = [{"labelname": "ifIndex", "type": "gauge"}]
    lookups = [
        {"labels": ["ifIndex"], "labelname": column.name, "oid": oid, "type": "DisplayString"}
        for oid, column in columns
        if column.kind is ValueKind.LABEL
    ]
    return {
        "walk": list(TABLES),
        "version": 2,
        "max_repetitions": REPETITIONS,
        "timeout": "2s",
        "auth": {"community": COMMUNITY.decode()},
        "metrics": [
            {"name": column.name, "oid": oid, "type": _type(column), "help": column.help}
            | {"indexes": index, "lookups": lookups}
            | ({"enum_values": column.enum} if column.enum else {})
            for oid, column in columns
            if column.kind is not ValueKind.LABEL
        ],
    }


def _type(column: Column) -> str:
    return {ValueKind.MAC: "PhysAddress48", ValueKind.ENUM_INFO: "EnumAsInfo"}.get(
        column.kind, str(column.kind)
    )


if __name__ == "__main__":
    main()
