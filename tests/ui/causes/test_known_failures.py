"""Causes of failures on the dashboard, on real engines: listed, acknowledged, told apart."""

import asyncio
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual import events

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.storage.known_failures import FILE_NAME
from tests.conftest import TEST_RUNNERS

if TYPE_CHECKING:
    from tests.ui.conftest import Board, Open

REFUSED = "ERROR db at 10.0.0.{} refused, password=hunter2"
FULL = "ERROR disk full, {} MB left"


async def fail(client: NodionClient, runner_id: str, *errors: str) -> None:
    """Run jobs one after the other, which all end in the same words, with the same exit code."""
    for number, error in enumerate(errors, 1):
        script = f"echo start {number}; echo '{error.format(number)}'; echo cleaning up; exit 4"
        run = await client.trigger(runner_id, TriggerRequest(command=script))
        while not run.is_final:
            await asyncio.sleep(0.02)
            run = await client.get_run(*run.key)


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[Profile]:
    """A profile of a second engine, whose runners have the same ids."""
    settings = EngineSettings(data_dir=tmp_path / "other", runners=TEST_RUNNERS)
    async with EngineServer(settings) as server:
        yield Profile(name="other", api_url=server.url, key=server.key)


@pytest.fixture
async def other_client(other: Profile) -> AsyncIterator[NodionClient]:
    connected = NodionClient(other)
    yield connected
    await connected.aclose()


async def acknowledge(board: "Board", note: str) -> None:
    """Acknowledge the cause of the run under the cursor."""
    await board.press("a")
    await board.sees("Acknowledge this cause?")
    await board.press(*note, "enter")
    await board.sees("Acknowledged: ")


async def test_of_two_engines_failures_of_two_causes_one_is_acknowledged(
    profile: Profile,
    client: NodionClient,
    other: Profile,
    other_client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
    tmp_path: Path,
) -> None:
    hello = runner_id("Hello")
    await fail(client, hello, FULL, REFUSED, REFUSED)
    await fail(other_client, hello, FULL, REFUSED)
    folder = tmp_path / "data"
    async with open_board(profile, data_folder=folder) as board:
        await board.sees("3 failed today", "Runs · All runners · 3")
        await board.press("tab", "g")
        await acknowledge(board, "T-7")
        await board.sees("1 failed today", "✗ known", "known     since", "T-7")
        assert board.text.count("✗ known") == 2
        await board.press("f")
        await board.sees("ERROR disk full")
        await board.press("tab", "tab", "/", *"cause:known", "enter")
        await board.sees("2 found · /cause:known")
        await fail(client, hello, REFUSED, FULL)
        board.ask_for(hello)
        await board.sees("2 failed today", "3 found · /cause:known")
    stored = (folder / FILE_NAME).read_text()
    assert "db at <ip> refused" in stored
    assert not any(secret in stored for secret in ("10.0.0", "hunter2"))
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
    async with open_board(other, data_folder=folder) as board:
        await board.sees("2 failed today")
        await board.press("D")
        await board.sees("2 causes, 2 new", "disk full", "db at <ip> refused")
    async with open_board(profile, data_folder=folder) as board:
        await board.sees("2 failed today")
        assert board.text.count("✗ known") == 3


async def test_enter_on_a_cause_shows_its_family_and_a_takes_it_back(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
) -> None:
    await fail(client, runner_id("Hello"), REFUSED, FULL)
    await fail(client, runner_id("Chatty"), REFUSED)
    async with open_board(profile) as board:
        await board.sees("3 failed today")
        await board.select_runner("Chatty")
        await board.press("D")
        await board.sees("2 causes, 2 new", "2 failures of Chatty, Hello", "1 failure of Hello")
        await board.press("a")
        await board.sees("Acknowledge this cause?", "2 failures")
        await board.press("up", "right", "ctrl+j")
        await board.sees("2 causes, 1 new", "acknowledged since", "until ")
        await board.press("enter")
        await board.sees("Runs · All runners · 2 of 3", "2 found · /cause:", "✗ known")
        await board.press("tab", "a")
        await board.sees("Known failure", "Not known any more")
        await board.press("tab", "tab", "enter")
        await board.sees("No longer acknowledged: 2 failures.", "3 failed today")


async def test_rules_digest_and_window_title_pass_over_known_failures(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
) -> None:
    hello = runner_id("Hello")
    await fail(client, hello, REFUSED)
    async with open_board(profile, rules=[NotifyRule(name="pager", new=True)]) as board:
        await board.sees("1 failed today")
        await board.press("tab")
        await acknowledge(board, "")
        board.app.post_message(events.AppBlur())
        away, window = board.app.notifier._away, board.app.notifier._window
        await board.until(lambda: away._blurred_at is not None, "the blur")
        assert away._blurred_at is not None
        away._blurred_at -= 3600
        await fail(client, hello, REFUSED, FULL)
        board.ask_for(hello)
        await board.sees("Hello failed", "exit 4", "✗ 1 failed today")
        await board.until(lambda: window._title.startswith("1✗"), "the window title")
        board.app.post_message(events.AppFocus())
        await board.sees("While you were away (since", "): 1 failed. Press A for the list.")
        toasts = [str(each.message) for each in board.app._notifications]
        assert len([text for text in toasts if "pager" in text]) == 1
        run = board.dashboard.lists.runs.items[0]
        assert run.id[:8] in next(text for text in toasts if "pager" in text)
