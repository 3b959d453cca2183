"""An SSH server on loopback, of the user who runs the tests, and logins to it by key."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_SECONDS = 5.0
_CONFIG = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
PidFile none
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PrintMotd no
PrintLastLog no
"""
"""Everything else is as OpenSSH has it by default: no variable of a client is accepted."""


class SshServer(NamedTuple):
    """A running server."""

    port: int
    folder: Path
    """Has the keys."""

    def argv(self, command: str, *, port: int | None = None) -> list[str]:
        """The command line that runs a command of a shell in a terminal of the server.

        Args:
            command: run by the user's login shell.
            port: of a link to the server; None: the server's own.
        """
        options = {
            "IdentitiesOnly": "yes",
            "LogLevel": "ERROR",
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null",
        }
        words = [f"-o{name}={value}" for name, value in options.items()]
        key, number = str(self.folder / "key"), str(port or self.port)
        return ["ssh", "-F", "none", "-tt", *words, "-i", key, "-p", number, "127.0.0.1", command]


def refused_terminal(server: SshServer) -> str:
    """Why a login gets no terminal; empty if it does.

    Only root may change a terminal's group, which in some containers is not that of terminals.
    """
    login = subprocess.run(
        server.argv("true"), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return login.stderr.strip() or f"exit {login.returncode}" if login.returncode else ""


def missing_program(environ: Mapping[str, str]) -> str:
    """Why no server can be run; empty if one can."""
    path = f"{environ.get('PATH', '')}:/usr/sbin"
    names = [name for name in ("sshd", "ssh", "ssh-keygen") if not shutil.which(name, path=path)]
    return f"not installed: {', '.join(names)} (Debian: openssh-server)" if names else ""


@contextmanager
def ssh_server(folder: Path) -> Iterator[SshServer]:
    """Run a server with keys of its own.

    Raises:
        AssertionError: it does not accept connections; with its own words.
    """
    for name in ("host_key", "key"):
        make_key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(make_key, check=True)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # which the service makes otherwise
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    config = folder / "sshd_config"
    config.write_text(_CONFIG.format(port=port, folder=folder))
    program = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None
    log = folder / "sshd.log"
    with subprocess.Popen([program, "-D", "-E", str(log), "-f", str(config)]) as server:
        try:
            _wait_for(port, log)
            yield SshServer(port, folder)
        finally:
            server.terminate()


def _wait_for(port: int, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"sshd does not listen:\n{log.read_text() if log.exists() else ''}")
