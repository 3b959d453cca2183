"""Keys, answers and the picture: each of the three must be a terminal."""

import asyncio
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, Cli
from tests.support.terminal import Terminal

pytestmark = pytest.mark.pty


@pytest.mark.parametrize("stream", ["</dev/null", ">away", "2>away"])
async def test_no_dashboard_where_one_of_the_three_is_no_terminal(
    cli: Cli, stream: str, tmp_path: Path
) -> None:
    def run() -> tuple[int, bytes]:
        shell = ["sh", "-c", f"exec {PROGRAM} {stream}"]
        with Terminal(shell, env=cli.env, cwd=str(tmp_path)) as terminal:
            code = terminal.wait_exit(10)
            away = b"".join(each.read_bytes() for each in tmp_path.glob("away"))
            return code, bytes(terminal.raw) + away

    code, told = await asyncio.to_thread(run)
    assert code == 2
    assert told.startswith(b"nodion-tui: the dashboard needs a terminal")
    assert b"\x1b" not in told
