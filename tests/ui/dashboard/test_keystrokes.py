"""How many keys a job takes, from the dashboard to the service, beside the text that is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from textual import events

from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from nodion_tui.model.trigger_draft import CommandMode, TriggerDraft
from nodion_tui.monitor.storage.presets import Preset, PresetFile
from nodion_tui.ui.stop.confirm_name import HELD_KEY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from nodion_tui.api.client import NodionClient
    from nodion_tui.config import Profile
    from tests.ui.conftest import Board, Open

OPENS_A_DIALOG = frozenset({"t", "R", "f7"})
VARIABLES = "A=1\nB=2\nAPI_TOKEN=canary\n"


@dataclass(frozen=True)
class Job:
    """What a person wants, and the keys that do it; a word longer than a key's name is text."""

    name: str
    keys: tuple[str, ...]
    most: int
    """How many keys it may take."""
    printed: tuple[str, ...] = ()
    """What the new run prints."""


JOBS = (
    Job("trigger the default", ("t", "ctrl+j"), 2, ("BACKUP_TARGET=s3://default",)),
    Job("trigger with a pasted block", ("t", f"paste:{VARIABLES}", "ctrl+j"), 2, ("A=1", "B=2")),
    Job("repeat unchanged", ("ctrl+r",), 1, ("A=1", "B=2", "API_TOKEN=canary")),
    Job("re-run, a secret again", ("R", "ctrl+j"), 2, ("A=1", "API_TOKEN=canary")),
    Job("re-run, first variable", ("R", "text:10", "ctrl+j"), 2, ("A=10", "B=2")),
    Job("re-run, another variable", ("R", "f7", "2", "text:20", "ctrl+j"), 4, ("A=10", "B=20")),
    Job("use a preset", ("t", "1", "ctrl+j"), 3, ("from a preset",)),
)


async def enter(board: Board, keys: Sequence[str]) -> None:
    """Press keys as a person does, who looks at a dialog before the next one."""
    for key in keys:
        kind, _, text = key.partition(":")
        depth = len(board.app.screen_stack)
        if kind == "paste":
            board.app.post_message(events.Paste(text))
        else:
            await board.press(*(text if kind == "text" else [key]))
        if key == "X" and depth == 1:
            await board.until(lambda: len(board.app.screen_stack) > 1, "dialog of X")
            await board.pilot.pause(2 * HELD_KEY_SECONDS)  # a faster X comes from a held key
        elif key in OPENS_A_DIALOG:
            await board.until(lambda: len(board.app.screen_stack) > depth, f"dialog of {key}")  # noqa: B023 - awaited here
        await board.pilot.pause()


def number_of_keys(keys: Sequence[str]) -> int:
    return sum(":" not in key for key in keys)


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_jobs_of_triggering(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: Open,
    tmp_path: Path,
) -> None:
    runner = runner_id("Environment")
    draft = TriggerDraft(mode=CommandMode.COMMAND, command="echo from a preset")
    data_folder = tmp_path / "data"
    PresetFile(data_folder).save(runner, Preset("mine", draft))
    started = set()
    async with open_board(profile, data_folder=data_folder) as board:
        await board.select_runner("Environment")
        for job in JOBS:
            assert number_of_keys(job.keys) <= job.most, job.name
            await board.until(lambda: len(board.app.screen_stack) == 1, "dashboard")
            await enter(board, job.keys)
            await board.until(
                lambda: (
                    board.dashboard.current_run is not None
                    and board.dashboard.current_run.id not in started
                ),
                f"{job.name}: a new run",
            )
            await board.sees(*job.printed)
            assert board.dashboard.current_run is not None
            started.add(board.dashboard.current_run.id)
            assert len((await client.list_runs(runner)).items) == len(started), job.name
    written = b"".join(path.read_bytes() for path in files_below(data_folder))
    assert b"API_TOKEN" in written
    assert b"canary" not in written


async def test_jobs_of_stopping(
    profile: Profile, client: NodionClient, runner_id: Callable[[str], str], open_board: Open
) -> None:
    endless = runner_id("Until stopped")
    for _ in range(5):
        await client.trigger(endless, TriggerRequest())

    async def active() -> int:
        runs = (await client.list_runs(endless)).items
        return sum(not run.is_final for run in runs)

    async with open_board(profile) as board:
        await board.select_runner("Until stopped")
        await board.until(lambda: board.text.count("● running") >= 2, "running")
        await board.press("tab")
        for keys, remaining in (
            (("X", "X"), 4),
            (("X", "y"), 3),
            (("space", "space", "space", "X", "X"), 0),
        ):
            await board.press("g")
            await enter(board, keys)
            while await active() > remaining:
                await board.pilot.pause(0.02)
            assert await active() == remaining


async def test_a_protected_profile_asks_before_it_repeats(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: Open,
) -> None:
    hello = runner_id("Hello")
    protected = msgspec.structs.replace(profile, confirm_name=True)
    async with open_board(protected) as board:  # remembers in memory, as the demo does
        await board.select_runner("Hello")
        await enter(board, ("t", "ctrl+j"))
        await board.sees("succeeded")
        for answer, number in (("escape", 1), ("y", 2)):
            await board.press("ctrl+r")
            await board.sees("Run this again?", "Hello")
            await board.press(answer)
            await board.until(lambda: len(board.app.screen_stack) == 1, "dashboard")
            if number == 2:
                await board.sees("Started run")
            assert len((await client.list_runs(hello)).items) == number


async def test_a_run_whose_environment_is_not_known_is_not_repeated_but_shown(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: Open,
    tmp_path: Path,
) -> None:
    request = TriggerRequest(env_variables=(EnvVariable("A", "1"),))
    await client.trigger(runner_id("Environment"), request)
    async with open_board(profile, data_folder=tmp_path) as board:
        await board.select_runner("Environment")
        await board.until(lambda: board.dashboard.current_run is not None, "a run")
        await board.press("ctrl+r")
        await board.sees("Re-run with edits", "Cannot repeat it unchanged: its environment is not")
    assert len((await client.list_runs(runner_id("Environment"))).items) == 1
