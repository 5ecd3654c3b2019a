"""A real agent: Debian's snmpd on 127.0.0.1, with users for v3."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from netwatch.core.credential import CommunityCredential, UserCredential
from tests.harness.requirements import require_tool

# With it, each answer that gufo_snmp panics over costs tenths of a second of stack trace, and the
# service must not have it either (docs/snmp-profiles.md).
os.environ["RUST_BACKTRACE"] = "0"

COMMUNITY = CommunityCredential(SecretStr("s3cret-community"))
USERS = {
    f"{auth}-{priv}": UserCredential(
        f"{auth}{priv or 'none'}",
        auth,
        SecretStr("auth-password"),
        priv,
        SecretStr("priv-password") if priv else None,
    )
    for auth, priv in [
        ("sha256", "aes128"),
        ("sha512", "aes256"),
        ("sha1", "aes128"),
        ("sha224", "aes128"),
        ("sha384", "aes192"),
        ("sha1", "aes256"),
        ("sha1", "des"),
        ("md5", None),
    ]
}
_AUTH = {name: f"SHA-{name[3:]}" for name in ("sha224", "sha256", "sha384", "sha512")}
_AUTH |= {"sha1": "SHA", "md5": "MD5"}
_PRIV = {"aes128": "AES", "aes192": "AES-192", "aes256": "AES-256", "des": "DES"}


@dataclass(frozen=True)
class Snmpd:
    port: int

    def walk(self, root: str) -> list[str]:
        """Lines ``.OID value`` as snmpbulkwalk prints them."""
        community = COMMUNITY.community.get_secret_value()
        options = ["-v2c", "-c", community, "-m", "", "-On", "-Oe", "-Oq", "-Ox", "-OU", "-Ot"]
        return subprocess.run(
            [require_tool("snmpbulkwalk"), *options, f"127.0.0.1:{self.port}", root],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()


@contextmanager
def running(folder: Path, port: int, access: str = "rouser") -> Iterator[Snmpd]:
    """An snmpd that keeps what it has to remember in this folder, as its engine's id and boots.

    Args:
        folder: empty.
        port: where it listens.
        access: what its v3 users may: ``rouser`` reads, ``rwuser`` writes too.
    """
    program = require_tool("snmpd")
    settings, memory = folder / "etc", folder / "var"
    settings.mkdir(exist_ok=True)
    (settings / "snmpd.conf").write_text(_configuration(port, access))
    environment = os.environ | {
        "SNMPCONFPATH": f"{settings}:{memory}",
        "SNMP_PERSISTENT_DIR": str(memory),
        "MIBS": "",
    }
    command = [program, "-f", "-Lf", str(folder / "log")]
    process = subprocess.Popen(command, env=environment)
    try:
        wait_until_bound(port, process, folder / "log")
        yield Snmpd(port)
    finally:
        process.terminate()
        process.wait(10)


def _configuration(port: int, access: str) -> str:
    lines = [f"agentAddress udp:127.0.0.1:{port}", "rocommunity s3cret-community 127.0.0.1"]
    lines += ["sysLocation Tủ mạng, tầng 2", "sysContact noc@example.vn", "sysName router-1"]
    for user in USERS.values():
        keys = f"{_AUTH[user.auth_protocol]} auth-password"
        if user.priv_protocol:
            keys += f" {_PRIV[user.priv_protocol]} priv-password"
        lines.append(f"createUser {user.user} {keys}")
        lines.append(f"{access} {user.user} {'priv' if user.priv_protocol else 'auth'}")
    return "\n".join(lines) + "\n"


def wait_until_bound(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for a process that listens on this UDP port of 127.0.0.1."""
    entry = f": 0100007F:{port:04X} 00000000:"  # local, then remote address
    deadline = time.monotonic() + 10
    while entry not in Path("/proc/net/udp").read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)
