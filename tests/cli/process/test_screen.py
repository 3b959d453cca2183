"""Output on a terminal: tables, glyphs, colours, and sanitized text of a server."""

import asyncio
import re
from collections.abc import Callable, Mapping

import pytest

from tests.cli.conftest import CANARY, PROGRAM, Cli
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer
from tests.support.terminal import Terminal

pytestmark = pytest.mark.pty

PROBE = "\x1b[2J\x1b]0;owned\x07\x1b[6n\x9b31m\x00\x08\u202e\r\n\tend"
OURS = re.compile(rb"\x1b\[[0-9;]*m")


async def on_terminal(
    cli: Cli, *arguments: str, env: Mapping[str, str] | None = None, columns: int = 100
) -> tuple[int, bytes, str]:
    """Runs a command in a terminal; returns exit code, bytes and screen."""

    def run() -> tuple[int, bytes, str]:
        environment = cli.env | dict(env or {})
        with Terminal([PROGRAM, *arguments], columns=columns, rows=30, env=environment) as terminal:
            code = terminal.wait_exit(30)
            terminal.wait_for(lambda _: b"\n" in terminal.raw)
            return code, bytes(terminal.raw), terminal.text

    code, raw, text = await asyncio.to_thread(run)
    assert CANARY.encode() not in raw
    return code, raw, text


def is_sanitized(raw: bytes) -> bool:
    """Whether colours and line ends are the only control characters."""
    return not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]", OURS.sub(b"", raw))


async def test_tables_have_headings_glyphs_and_colours(cli: Cli) -> None:
    await cli("trigger", "Failing", "-f")
    code, raw, text = await on_terminal(cli, "runs", "Failing")
    heading, row = text.splitlines()[:2]
    assert code == 0
    assert heading.split() == ["RUN", "STATUS", "EXIT", "CREATED", "TIME", "COMMAND"]
    assert re.search(r"^\w{8}  ✗ failed +3  (?:now|\d0s ago) +00:00  runner default$", row.rstrip())
    assert b"\x1b[31m" in raw


@pytest.mark.parametrize(
    ("env", "expected", "colored"),
    [
        ({"NO_COLOR": "1"}, "✗ failed", False),
        ({"TERM": "dumb"}, "✗ failed", False),
        ({"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, "x failed", True),
    ],
)
async def test_a_status_is_readable_without_colour_and_glyphs(
    cli: Cli, env: dict[str, str], expected: str, *, colored: bool
) -> None:
    await cli("trigger", "Failing", "-f")
    _, raw, text = await on_terminal(cli, "run", "Failing", "latest", env=env)
    assert expected in text
    assert (b"\x1b[" in raw) is colored


async def test_text_of_a_hostile_server_is_sanitized(cli_at: Callable[..., Cli]) -> None:
    async def runs(exchange: Exchange) -> None:
        run = exchange.server.run() | {"status": PROBE, "command": PROBE, "entrypoint": PROBE}
        await exchange.answer(200, {"runs": [run], "run": run})

    async def runners(exchange: Exchange) -> None:
        await exchange.answer(
            200, {"runners": [{"id": PROBE, "name": PROBE, "run_command": PROBE}]}
        )

    async def refused(exchange: Exchange) -> None:
        await exchange.answer(400, {"error": PROBE, "errors": {PROBE: [PROBE]}})

    async with HostileServer(bodies=[PROBE, "\x1b[32mgreen"]) as server:
        for kind, script in (("runs", runs), ("run", runs), ("runners", runners)):
            server.always(kind, script)
        server.always("trigger", refused)
        cli = cli_at(server.url)
        key = (RUNNER_ID, RUN_ID)
        commands = (
            ("runners",),
            ("runners", "--json"),
            ("runs", RUNNER_ID),
            ("run", *key),
            ("trigger", RUNNER_ID, "--", "x"),
            ("runs", "not there"),
            ("logs", *key, "-f"),
        )
        results = await asyncio.gather(*(on_terminal(cli, *words) for words in commands))
    for words, (_, raw, _) in zip(commands, results, strict=True):
        assert is_sanitized(raw), words
    assert b"\x1b[32mgreen\x1b[0m" in results[-1][1]


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        ({"TERM": "dumb"}, b"TERM=dumb"),
        ({"TERM": ""}, b"TERM=(not set)"),
        ({"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, b"or --ascii"),
    ],
)
async def test_no_dashboard_without_a_terminal_that_can_show_it(
    cli: Cli, env: dict[str, str], reason: bytes
) -> None:
    code, raw, _ = await on_terminal(cli, env=env)
    assert code == 2
    assert b"\x1b" not in raw
    assert reason in raw
    assert raw.endswith(b"nodion-tui --help\r\n")
    assert raw.count(b"\n") == 1


async def test_a_failing_key_command_is_reported_before_the_screen_opens(
    cli_at: Callable[..., Cli],
) -> None:
    cli = cli_at()
    command = f'["sh", "-c", "echo {CANARY} >&2; exit 3"]'
    cli.configure(f"[profiles.a]\nkey_command = {command}")
    code, raw, text = await on_terminal(cli)
    assert code == 4
    assert b"\x1b" not in raw
    assert "config.toml:2: sh failed, exit 3" in text


async def test_no_dashboard_in_a_pipe(cli: Cli) -> None:
    done = await cli()
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
