"""Quitting while runs of an engine that is kept go on."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Literal

import pytest
from msgspec.structs import replace

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from tests.ui.conftest import Board

Open = Callable[..., AbstractAsyncContextManager[Board]]
QUESTION = "Quit? 1 run still running here"


async def trigger_endless(board: Board) -> None:
    await board.select_runner("Until stopped")
    await board.press("t")
    await board.sees("Trigger")
    await board.press("ctrl+j")
    await board.sees("● running")


@pytest.mark.parametrize(("key", "left", "status"), [("enter", 1, "running"), ("s", 0, "canceled")])
async def test_it_asks_whether_to_leave_or_stop_them(
    key: str,
    left: int,
    status: str,
    profile: Profile,
    open_board: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[str] = []
    kept = replace(profile, engine="kept")
    async with open_board(kept, leave_running=lambda: calls.append("leave")) as board:
        monkeypatch.setattr(board.app, "exit", lambda: calls.append("exit"))
        await trigger_endless(board)
        await board.press("ctrl+q", "ctrl+q")
        await board.sees(QUESTION, "Leave them running", "Stop them")
        await board.press("escape")
        await board.until(lambda: QUESTION not in board.text, "no question")
        assert not calls
        await board.press("q")
        await board.sees(QUESTION)
        await board.press(key)
        await board.until(lambda: "exit" in calls, "the exit")
        assert board.dashboard.current_run is not None
        assert board.dashboard.current_run.status == status
    assert calls == ["leave"] * left + ["exit"]


async def test_the_question_follows_what_is_still_running_and_quits_with_the_last(
    profile: Profile, open_board: Open, monkeypatch: pytest.MonkeyPatch, client: NodionClient
) -> None:
    calls: list[str] = []
    async with open_board(replace(profile, engine="kept")) as board:
        monkeypatch.setattr(board.app, "exit", lambda: calls.append("exit"))
        await trigger_endless(board)
        await trigger_endless(board)
        monitor = board.dashboard.monitor
        assert monitor is not None
        runs = monitor.runs
        await board.until(lambda: len(runs.active) == 2, "both runs")
        first, second = runs.active
        await board.press("q")
        await board.sees("Quit? 2 runs still running here")
        await client.stop(*first)
        await board.sees(QUESTION)
        assert not calls
        await client.stop(*second)
        await board.until(lambda: "exit" in calls, "the exit")
        assert QUESTION not in board.text


@pytest.mark.parametrize("kind", ["ephemeral", "served"])
async def test_runs_of_no_kept_engine_are_not_asked_about(
    kind: Literal["ephemeral", "served"],
    profile: Profile,
    open_board: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[str] = []
    async with open_board(replace(profile, engine=kind)) as board:
        monkeypatch.setattr(board.app, "exit", lambda: calls.append("exit"))
        await trigger_endless(board)
        await board.press("ctrl+q")
        assert calls == ["exit"]
