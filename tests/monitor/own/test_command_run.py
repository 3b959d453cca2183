"""A command of a person's own, ended before its end."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

from nodion_tui.monitor.own.command_run import run_command
from nodion_tui.monitor.own.output_buffer import OutputBuffer


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


async def test_a_command_that_is_ended_while_a_child_holds_its_output_leaves_no_pipe_open() -> None:
    async def run(script: str) -> str:
        end = await run_command(
            ("sh", "-c", script),
            dict(os.environ),
            given=None,
            limit=timedelta(seconds=0.3),
            output=OutputBuffer(),
        )
        return end.problem

    assert not await run("true")  # opens what asyncio keeps
    before = open_files()
    # The child is in a group of its own, so it is not ended with the command.
    assert "its time-out" in await run("setsid sleep 2 & sleep 20")
    assert "its time-out" in await run("yes")
    await asyncio.sleep(0)
    assert open_files() == before


async def test_a_child_that_holds_the_output_of_a_command_that_ended_keeps_nobody_waiting() -> None:
    output = OutputBuffer()
    async with asyncio.timeout(10):
        end = await run_command(
            ("sh", "-c", "sleep 20 & echo gone; exit 2"),
            dict(os.environ),
            given=None,
            limit=timedelta(minutes=1),
            output=output,
        )
    assert end.exit_code == 2
    assert list(output.lines) == ["gone"]
