"""Settings from the environment and a file; secrets from three places."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from netwatch.core.errors import ConfigError
from netwatch.settings import SecretStore, Settings, load_settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("NETWATCH_"):
            monkeypatch.delenv(name)


def toml(directory: Path, text: str) -> Path:
    file = directory / "netwatch.toml"
    file.write_text(text, encoding="utf-8")
    return file


def complaints(file: Path | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_settings(file)
    return str(caught.value).splitlines()


def test_defaults() -> None:
    settings = load_settings()
    assert settings == Settings()
    assert settings.listen_address == ("127.0.0.1", 10880)
    assert settings.vantage == "state-dc"
    assert settings.inventory == Path("config/inventory")


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = toml(tmp_path, 'listen = "[::1]:80"\nvantage = "party-office"\n')
    monkeypatch.setenv("NETWATCH_VANTAGE", "state-dc")
    settings = load_settings(file)
    assert settings.listen_address == ("::1", 80)
    assert settings.vantage == "state-dc"


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("127.0.0.1:10880", ("127.0.0.1", 10880)),
        ("0.0.0.0:0", ("0.0.0.0", 0)),
        ("[::1]:10880", ("::1", 10880)),
        ("[0:0::0]:65535", ("::", 65535)),
    ],
)
def test_where_to_listen(
    listen: str, address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETWATCH_LISTEN", listen)
    assert load_settings().listen_address == address


@pytest.mark.parametrize(
    "listen",
    [
        "",
        "10880",
        ":10880",
        "localhost:10880",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:65536",
        "::1:10880",
        "[127.0.0.1:80",
        "1.2.3:80",
        "[::1%eth0]:80",
        "127.0.0.1:1\n",
    ],
)
def test_where_not_to_listen(listen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETWATCH_LISTEN", listen)
    (line,) = complaints()
    assert line.startswith("environment variable NETWATCH_LISTEN: listen: ")
    assert line.endswith("is not address:port; write e.g. 127.0.0.1:10880 or [::1]:10880")


def test_all_mistakes_are_reported_with_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETWATCH_LISTN", "127.0.0.1:80")
    monkeypatch.setenv("NETWATCH_SECRET_ANY", "kept")
    file = toml(tmp_path, '# settings\nvantge = "x"\nlog_level = "loud"\ninventory = 5\n')
    assert sorted(complaints(file)) == [
        f"{file}:2: unknown key 'vantge'; did you mean vantage?",
        f"{file}:3: log_level must be 'debug', 'info', 'warning' or 'error', not 'loud'",
        f"{file}:4: inventory must be a path, in quotes",
        "environment variable NETWATCH_LISTN: is not a setting; did you mean NETWATCH_LISTEN?",
    ]


def test_a_mark_of_byte_order_is_passed_over(tmp_path: Path) -> None:
    """Notepad writes one, into settings and into secrets."""
    file = tmp_path / "netwatch.toml"
    file.write_bytes(b'\xef\xbb\xbfvantage = "party-dc"\r\n')
    assert load_settings(file).vantage == "party-dc"
    secret_file(tmp_path / "secrets", "wan", b"\xef\xbb\xbfpublic\r\n")
    assert SecretStore(tmp_path / "secrets", {}).get("wan").get_secret_value() == "public"


def test_a_file_that_is_not_settings(tmp_path: Path) -> None:
    file = toml(tmp_path, "listen = \n")
    (line,) = complaints(file)
    assert line.startswith(f"{file}: is not TOML: ")
    file.write_bytes(b"\xff")
    assert complaints(file) == [f"{file}: is not UTF-8; save it as UTF-8"]
    assert complaints(tmp_path / "no") == [
        f"{tmp_path}/no: cannot be read: No such file or directory"
    ]


def secret_file(directory: Path, name: str, content: bytes, mode: int = 0o600) -> None:
    directory.mkdir(exist_ok=True)
    (directory / name).write_bytes(content)
    (directory / name).chmod(mode)


def refusal(store: SecretStore, name: str = "wan") -> str:
    with pytest.raises(ConfigError) as caught:
        store.get(name)
    (problem,) = caught.value.problems
    assert problem.place == f"secret {name}"
    return problem.message


def test_a_secret_is_found_in_three_places_in_order(tmp_path: Path) -> None:
    credentials, files = tmp_path / "credentials", tmp_path / "files"
    environ = {
        "CREDENTIALS_DIRECTORY": str(credentials),
        "NETWATCH_SECRET_SNMP_WAN_2": "from environment",
    }
    store = SecretStore(files, environ)
    assert store.get("snmp-wan.2").get_secret_value() == "from environment"
    secret_file(files, "snmp-wan.2", b"from file\n", 0o640)
    assert store.get("snmp-wan.2").get_secret_value() == "from file"
    secret_file(credentials, "secret_snmp-wan.2", b"from systemd\n", 0o444)
    assert store.get("snmp-wan.2").get_secret_value() == "from systemd"


@pytest.mark.parametrize(
    ("content", "value"), [(b"x\n", "x"), (b"x", "x"), (b"x\r\n", "x"), (b" x \n\n", " x \n")]
)
def test_one_newline_at_the_end_is_no_part_of_it(
    tmp_path: Path, content: bytes, value: str
) -> None:
    secret_file(tmp_path, "wan", content)
    assert SecretStore(tmp_path, {}).get("wan").get_secret_value() == value


def test_a_missing_secret_is_reported_with_three_remedies(tmp_path: Path) -> None:
    assert refusal(SecretStore(tmp_path, {}), "snmp-wan") == (
        f"is missing; give it as systemd credential secret_snmp-wan, as file {tmp_path}/snmp-wan,"
        " or as environment variable NETWATCH_SECRET_SNMP_WAN"
    )


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o777])
def test_a_file_that_is_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    secret_file(tmp_path, "wan", b"s3cret", mode)
    message = refusal(SecretStore(tmp_path, {}))
    assert message == f"is open to every user; run chmod o-rwx {tmp_path}/wan"


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_an_empty_secret_is_refused_and_hides_the_next_place(
    tmp_path: Path, content: bytes
) -> None:
    secret_file(tmp_path, "wan", content)
    store = SecretStore(tmp_path, {"NETWATCH_SECRET_WAN": "x"})
    assert refusal(store) == "is empty; write the secret into it"


def test_a_secret_is_a_small_regular_text_file(tmp_path: Path) -> None:
    secret_file(tmp_path, "large", b"x" * 4097)
    (tmp_path / "folder").mkdir()
    (tmp_path / "endless").symlink_to("/dev/zero")
    secret_file(tmp_path, "bytes", b"\xff\xfes3cret")
    store = SecretStore(tmp_path, {})
    for name in ("large", "folder", "endless"):
        assert refusal(store, name).startswith("is not a file of at most 4096 bytes: ")
    assert refusal(store, "bytes") == f"is not UTF-8 text: {tmp_path}/bytes"


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    secret_file(tmp_path, "wan", b"s3cret")
    secret = SecretStore(tmp_path, {}).get("wan")
    assert "s3cret" not in f"{secret!r} {secret}"


def test_traps_are_off_unless_a_port_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().traps_address is None
    monkeypatch.setenv("NETWATCH_TRAPS", "0.0.0.0:1162")
    assert load_settings().traps_address == ("0.0.0.0", 1162)


@pytest.mark.parametrize("hosts", ["giam-sat.haiduong.gov.vn, 10.16.0.40 ,fd00::1", ""])
def test_lists_in_the_environment_have_commas(hosts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETWATCH_WEB_HOSTS", hosts)
    told = ("giam-sat.haiduong.gov.vn", "10.16.0.40", "fd00::1") if hosts else ()
    assert load_settings().web_hosts == told


@pytest.mark.parametrize("host", ["https://giam-sat.vn", "giam-sat.vn:443", "giám sát", "[::1]"])
def test_a_host_is_written_without_scheme_and_port(tmp_path: Path, host: str) -> None:
    file = toml(tmp_path, f'web_hosts = ["{host}"]')
    [complaint] = complaints(file)
    assert "is not a host name or address; write it without scheme and port" in complaint
    assert complaint.startswith(f"{file}:1: ")


def test_lists_are_lists(tmp_path: Path) -> None:
    [complaint] = complaints(toml(tmp_path, "web_act_users = 3"))
    assert "web_act_users must be a list; write [a, b]" in complaint
