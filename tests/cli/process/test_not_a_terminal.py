"""stdin, stdout and stderr must all be a terminal."""

import asyncio
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, Cli
from tests.support.terminal import Terminal

pytestmark = pytest.mark.pty


@pytest.mark.parametrize("stream", ["</dev/null", ">away", "2>away"])
async def test_no_dashboard_if_a_standard_stream_is_not_a_terminal(
    cli: Cli, stream: str, tmp_path: Path
) -> None:
    def run() -> tuple[int, bytes]:
        shell = ["sh", "-c", f"exec {PROGRAM} {stream}"]
        with Terminal(shell, env=cli.env, cwd=str(tmp_path)) as terminal:
            code = terminal.wait_exit(10)
            away = b"".join(path.read_bytes() for path in tmp_path.glob("away"))
            return code, bytes(terminal.raw) + away

    code, output = await asyncio.to_thread(run)
    assert code == 2
    assert output.startswith(b"nodion-tui: the dashboard needs a terminal")
    assert b"\x1b" not in output
