"""Many runs from the form and from marks: what is asked, sent and told."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.trigger_draft import EnvRow, TriggerDraft
from nodion_tui.monitor.storage.trigger_history import TriggerHistory
from nodion_tui.ui.trigger.dialog import TriggerDialog
from tests.support.dialogs import OpenDialog
from tests.support.faulty_engine import Fault
from tests.support.trigger_form import Make, can_trigger, verdict

if TYPE_CHECKING:
    from tests.ui.conftest import Board, Open

LOST = Fault(cut_after=5)


class Posts:
    """Faults of triggers by their number from 1 on."""

    def __init__(self) -> None:
        self.count = 0
        self.by_number: dict[int, Fault] = {}

    def __call__(self, method: str, path: str) -> Fault | None:
        if method != "POST" or not path.endswith("/runs"):
            return None
        self.count += 1
        return self.by_number.get(self.count)


@pytest.fixture
def faults() -> Posts:
    return Posts()


async def runs_of(client: NodionClient, runner: str) -> list[Run]:
    return list((await client.list_runs(runner)).items)


async def open_many(board: "Board", runner: str, times: str, vary: str = "") -> None:
    """Open the form of a runner, and type what to start."""
    await board.select_runner(runner)
    await board.press("t")
    await board.sees("Trigger a run")
    await board.press("f9", "backspace", *times)
    if vary:
        await board.press("tab", "tab", *vary)


async def test_what_a_row_varies_is_listed_before_it_is_sent(
    make: Make, opened: OpenDialog
) -> None:
    draft = TriggerDraft(env=(EnvRow("REGION", "eu"), EnvRow("API_TOKEN", "s3cret", hidden=True)))
    dialog = make(draft)
    async with opened(dialog, (120, 46)) as stage:
        dialog._form.focus_variable(0)
        await stage.press("f9", *"us")
        await stage.sees("2 runs")
        assert "2  REGION=us" in stage.screen_text()
        assert "starts" in verdict(stage).casefold()
        await stage.press(" ", "|", "enter", *"API_TOKEN = x1 | x2")
        await stage.until(lambda: "Runs: value 3 of REGION is empty" in verdict(stage))
        assert stage.screen_text().count("value 3 of REGION is empty") == 1
        assert not can_trigger(stage)
        await stage.press("up", "end", "backspace", "backspace")
        await stage.sees("4 runs")
        assert "3  REGION=us  API_TOKEN=••••••••" in stage.screen_text()
        assert "Trigger 4 runs" in stage.screen_text()
        await stage.press("ctrl+j")
        await stage.dismissed()
    assert isinstance(dialog, TriggerDialog)
    sent = [dict(each.values) for each in dialog.many.planned]
    assert sent[-1] == {"REGION": "us", "API_TOKEN": "x2"}


async def test_lost_answers_stay_unknown_and_only_what_surely_did_not_start_is_tried_again(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
    faults: Posts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nodion_tui.ui.trigger.many.start_dialog.HELD_KEY_SECONDS", 60)
    refused = Fault(status=429, headers={"Retry-After": "0"})
    faults.by_number = {2: LOST, 5: LOST, 6: refused, 7: LOST}
    async with open_board(profile) as board:
        await open_many(board, "Hello", "7")
        await board.sees("Trigger 7 runs")
        await board.press(*["ctrl+j"] * 4)  # held down: it sends the form, and answers nothing
        await board.sees("Start 7 runs?", "Hello on test")
        assert faults.count == 0
        await board.press("y")
        await board.sees("Started 3 of 7", "3 unknown", "Try 1 start again", "unknown, perhaps")
        await board.press("shift+tab", "enter")
        await board.sees("Started 4 of 7")
        assert "again" not in board.text.replace("never sent again", "")
        await board.press("shift+tab", "enter")  # looks for the unknown ones, and sends nothing
        await board.sees("Started 4 of 7", "3 unknown")
        await board.press("escape")
        await board.until(lambda: "Started 4 of 7" not in board.text, "closed")
    assert faults.count == 8
    assert len(await runs_of(client, runner_id("Hello"))) == 7


async def test_escape_stops_what_is_not_sent_and_the_background_goes_on(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
) -> None:
    async with open_board(profile) as board:
        await board.press("M")
        await board.sees("No runs were started together.")
        await open_many(board, "Until stopped", "4")
        await board.press("tab", "1", "ctrl+j")
        await board.sees("Starting 4 runs: 1 started", "1 active, at most 1 at a time")
        await board.press("enter")
        await board.until(lambda: "Starting 4 runs" not in board.text, "hidden")
        await board.press("ctrl+q")
        await board.sees("3 runs not sent yet", "they are not started")
        await board.press("c")
        (first,) = await runs_of(client, runner_id("Until stopped"))
        await client.stop(first.runner_id, first.id)
        board.ask_for(first.runner_id)
        await board.press("M")
        await board.sees("Starting 4 runs: 2 started")
        await board.press("escape")
        await board.sees("Started 2 of 4", "2 started · 2 not sent", "Send 2 unsent starts")
        await board.press("escape")
        await board.until(lambda: "Started 2 of 4" not in board.text, "closed")
        await board.press("M")
        await board.sees("Started 2 of 4", "2 started · 2 not sent", "Send 2 unsent starts")
        await board.press("escape")
        await board.until(lambda: "Started 2 of 4" not in board.text, "closed again")
        assert len(await runs_of(client, runner_id("Until stopped"))) == 2
        await open_many(board, "Until stopped", "2")
        await board.press("tab", "1", "ctrl+j")
        await board.sees("Starting 2 runs: 1 started", "at most 1 at a time")
        await board.press("enter")
        await board.until(lambda: "Starting 2 runs" not in board.text, "hidden")
        await board.press("P", "1")
        await board.sees("Started 1 of 2", "was left: nothing more is sent")
        await board.press("M")
        await board.until(lambda: "Close" in board.text, "the results")
        assert "again" not in board.text, "there is nobody to send it"
    assert len(await runs_of(client, runner_id("Until stopped"))) == 3


async def test_each_series_that_waits_can_be_looked_at(
    profile: Profile, open_board: "Open"
) -> None:
    async with open_board(profile) as board:
        for times in ("4", "3"):
            await open_many(board, "Until stopped", times)
            await board.press("tab", "1", "ctrl+j")
            await board.sees(f"Starting {times} runs: 1 started", "at most 1 at a time")
            await board.press("enter")
            await board.until(lambda: "Starting" not in board.text, "hidden")
        await board.press("M")
        await board.sees("Runs started together", "3 runs: 1 started", "4 runs: 1 started")
        await board.press("2")
        await board.sees("Starting 4 runs: 1 started")
        await board.press("escape", "escape")
        await board.until(lambda: "of 4" not in board.text, "closed")
        await board.press("M")
        await board.sees("3 runs: 1 started", "4 runs: 1 started · 3 not sent")
        await board.press("1")
        await board.sees("Starting 3 runs: 1 started")


async def test_marked_runs_are_started_again_with_their_environments(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
    tmp_path: Path,
) -> None:
    runner = runner_id("Environment")
    history = TriggerHistory(tmp_path)
    for rows in (
        (EnvRow("VERBOSE", "of-the-run"),),
        (EnvRow("API_TOKEN", "s3cret", hidden=True),),
        None,
    ):
        run = await client.trigger(runner, TriggerRequest())
        if rows is not None:
            history.remember(run, rows)
    async with open_board(profile, data_folder=tmp_path) as board:
        await board.select_runner("Environment")
        await board.until(lambda: board.text.count("succeeded") >= 3, "three runs")
        await board.press("tab", "g", "space", "space", "space", "R")
        await board.sees("Re-run 1 run?", "3 marked runs on test")
        assert "1 variable" in board.text
        assert "secret not stored: API_TOKEN" in board.text
        assert "environment not known" in board.text
        await board.press("shift+tab", "shift+tab", "shift+tab", "space")
        await board.sees("Re-run 2 runs?")
        await board.press("space", "y")
        await board.sees("Started 1 of 1")
        await board.press("escape")
        await board.sees("2 marked")  # those that were not started
    new, *earlier = sorted(await runs_of(client, runner), key=lambda run: str(run.created_at))[::-1]
    assert len(earlier) == 3
    lines = (await client.get_logs(runner, new.id)).items
    assert "VERBOSE=of-the-run" in {line.body for line in lines}
    assert history.env_for(RunKey(runner, new.id)).rows == (EnvRow("VERBOSE", "of-the-run"),)


async def test_a_profile_that_asks_is_asked_once_and_a_read_only_one_refuses(
    profile: Profile,
    open_board: "Open",
    faults: Posts,
) -> None:
    async with open_board(replace(profile, confirm_name=True)) as board:
        await open_many(board, "Hello", "2", "A = x | y")
        await board.press("ctrl+j")
        await board.sees("Start 4 runs?", "A=y")
        await board.press("escape")
        await board.sees("Trigger 4 runs")  # the form, as it was
        await board.press("ctrl+j")
        await board.sees("Start 4 runs?")
        await board.press("y")
        await board.sees("Started 4 of 4")
        assert "4 started" not in board.text, "the title has said it"
    assert faults.count == 4
    async with open_board(replace(profile, read_only=True)) as board:
        await board.select_runner("Hello")
        await board.press("tab", "space", "space", "R")
        await board.sees("is read-only")
        await board.press("y")
        await board.sees("is read-only")
    assert faults.count == 4
