"""Certificates: which are trusted, and what is said about one that is not."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from nodion_tui.api.http.tls import tls_context
from nodion_tui.config import Profile
from nodion_tui.model.errors import ConfigError
from tests.cli.conftest import Cli
from tests.support.hostile import RUN_ID, RUNNER_ID, HostileServer

CliAt = Callable[..., Cli]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def cli_at(tmp_path: Path) -> CliAt:
    return lambda url="": Cli(tmp_path, url)


@asynccontextmanager
async def https(certificate: trustme.LeafCert) -> AsyncIterator[str]:
    """The address of a server with a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    async with HostileServer(tls=context) as server:
        server.finish()
        yield server.url.replace("http:", "https:")


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


async def test_an_authority_of_ones_own_is_trusted_where_it_is_named(
    authority: trustme.CA, ca_file: Path, cli_at: CliAt
) -> None:
    async with https(authority.issue_cert("127.0.0.1")) as url:
        unknown = await cli_at(url)("runs", RUNNER_ID)
        variable = await cli_at(url)("runs", RUNNER_ID, env={"SSL_CERT_FILE": str(ca_file)})
        cli = cli_at()
        cli.configure(f'[profiles.p]\napi_url = "{url}"\nkey_env = "K"\nca_file = "{ca_file}"\n')
        key = await cli("runs", RUNNER_ID, env={"K": "k"})
        followed = await cli("logs", RUNNER_ID, RUN_ID, "-f", env={"K": "k"})
    assert (variable.code, key.code, followed.code) == (0, 0, 0), variable.err + key.err
    assert unknown.code == 3
    assert "Certificate not trusted: 127.0.0.1: " in unknown.err
    assert "ca_file of the profile, or SSL_CERT_FILE" in unknown.err
    assert len(unknown.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("names", "days", "message"),
    [
        ("other.example", None, "Hostname mismatch|IP address mismatch"),
        ("127.0.0.1", -1, "certificate has expired. Check this machine's clock"),
    ],
)
async def test_what_is_wrong_with_a_certificate_is_told(
    authority: trustme.CA, ca_file: Path, cli_at: CliAt, names: str, days: int | None, message: str
) -> None:
    certificate = authority.issue_cert(names, not_after=_in_days(days))
    async with https(certificate) as url:
        done = await cli_at(url)("runs", RUNNER_ID, env={"SSL_CERT_FILE": str(ca_file)})
    assert done.code == 3
    assert any(part in done.err for part in message.split("|")), done.err


@pytest.mark.parametrize("command", [("runners",), ("wait", RUNNER_ID, RUN_ID), ("runs",)])
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("SSL_CERT_FILE", None, "no such file or directory"),
        ("SSL_CERT_FILE", b"nothing", "holds no certificate"),
        ("SSL_CERT_DIR", None, "not a folder"),
    ],
)
async def test_a_variable_that_leads_nowhere_is_named_and_nothing_is_tried(
    cli_at: CliAt, command: tuple[str, ...], name: str, content: bytes | None, message: str
) -> None:
    cli = cli_at("https://127.0.0.1:9/v1")
    path = cli.folder / "certificates"
    if content is not None:
        path.write_bytes(content)
    done = await cli(*command, env={name: str(path)})
    assert done.code == (125 if command[0] == "wait" else 2)
    assert f"{name}: " in done.err
    assert message in done.err


def test_a_ca_file_that_others_may_write_is_not_used(ca_file: Path) -> None:
    ca_file.chmod(0o666)
    with pytest.raises(ConfigError, match="chmod go-w"):
        tls_context(Profile(ca_file=str(ca_file)), {})


def test_the_store_of_the_system_is_used_if_nothing_is_named() -> None:
    assert tls_context(Profile(), {}).verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize("no_proxy", ["fe80::/10", "[::1],fe80::/10", "*.internal,10.0.0.0/8", "["])
async def test_entries_of_no_proxy_that_cannot_match_are_skipped(
    cli_at: CliAt, no_proxy: str
) -> None:
    proxy = {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": no_proxy}
    done = await cli_at("https://service.invalid/v1")("runners", env=proxy)
    assert done.code == 3
    assert "Service unreachable" in done.err


def _in_days(days: int | None) -> datetime | None:
    return None if days is None else datetime.now(UTC) + timedelta(days=days)
