from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.runs.unknown_outcome import rank_candidates
from nodion_tui.ui.trigger.unknown_outcome_dialog import Decision, NextStep, UnknownOutcomeDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from nodion_tui.config import Profile
    from nodion_tui.model.run import Run
    from nodion_tui.model.runner import Runner
    from tests.support.dialogs import OpenDialog

    Make = Callable[..., UnknownOutcomeDialog]


@pytest.fixture
def make(run: Run, runner: Runner, here: Profile, now: datetime) -> Make:
    other = msgspec.structs.replace(run, id="f0000000-a", argv=(), command="[/nope] \x1b[2J")

    def dialog(*found: Run, **changed: Any) -> UnknownOutcomeDialog:
        given: dict[str, Any] = {"listed": True, "profile": here, "clock": lambda: now}
        wanted = rank_candidates(TriggerRequest(argv=run.argv), found or (other, run))
        return UnknownOutcomeDialog(runner, wanted, **given | changed)

    return dialog


async def test_new_runs_are_listed_and_the_one_that_matches_is_marked_and_first(
    opened: OpenDialog, make: Make, run: Run
) -> None:
    async with opened(make(detail="The answer did not come within 30 s.")) as stage:
        text = stage.screen_text()
        for words in ("Database Backup", "production", "within 30 s", "never resent automatically"):
            assert words in text
        assert "One new run matches the request" in text
        (first,) = [line for line in text.split("\n") if "✓ matches" in line]
        assert "e5f6a7b8" in first
        assert "[/nope] ␛[2J" in text
        await stage.press("enter")
        assert await stage.dismissed() == Decision(NextStep.OPEN, run.key)


async def test_another_one_may_be_chosen(opened: OpenDialog, make: Make) -> None:
    async with opened(make()) as stage:
        await stage.press("down", "tab", "enter")
        result = await stage.dismissed()
        assert isinstance(result, Decision)
        assert result.key is not None
        assert result.key.run_id == "f0000000-a"


@pytest.mark.parametrize(
    ("button", "result"),
    [
        ("#unknown-look", Decision(NextStep.CHECK_AGAIN)),
        ("#unknown-form", Decision(NextStep.FORM)),
        ("#unknown-leave", None),
    ],
)
async def test_the_other_ways_out(
    opened: OpenDialog, make: Make, button: str, result: Decision | None
) -> None:
    async with opened(make()) as stage:
        await stage.pilot.click(button)
        assert await stage.dismissed() == result


async def test_escape_leaves_it(opened: OpenDialog, make: Make) -> None:
    async with opened(make()) as stage:
        await stage.press("escape")
        assert await stage.dismissed() is None


@pytest.mark.parametrize(
    ("listed", "words"), [(True, "No new run since"), (False, "could not be listed")]
)
async def test_where_there_is_none_it_says_so_and_offers_to_look_again(
    opened: OpenDialog,
    runner: Runner,
    here: Profile,
    now: datetime,
    listed: bool,  # noqa: FBT001 - a parameter of the test
    words: str,
) -> None:
    dialog = UnknownOutcomeDialog(runner, (), listed=listed, profile=here, clock=lambda: now)
    async with opened(dialog) as stage:
        assert words in stage.screen_text()
        await stage.press("enter")
        assert await stage.dismissed() == Decision(NextStep.CHECK_AGAIN)


async def test_new_runs_that_do_something_else_are_told_as_such(
    opened: OpenDialog, make: Make, run: Run
) -> None:
    async with opened(make(msgspec.structs.replace(run, argv=("ls",)))) as stage:
        assert "none matches the request" in stage.screen_text()
        assert "✓" not in stage.screen_text()


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 20)])
async def test_every_button_can_be_reached_and_seen(
    opened: OpenDialog, make: Make, size: tuple[int, int]
) -> None:
    async with opened(make(), size) as stage:
        for button in ("open", "look", "form", "leave"):
            await stage.press("tab")
            focused = stage.app.screen.focused
            assert focused is not None
            assert focused.id == f"unknown-{button}"
            assert stage.is_seen(focused)


async def test_a_low_window_shows_what_is_asked_the_runs_and_all_buttons(
    opened: OpenDialog, make: Make, run: Run
) -> None:
    dialog = make(run, run, run, detail="The answer did not come within 30 s.")
    async with opened(dialog, (40, 10)) as stage:
        text = stage.screen_text()
        for words in ("The request to start", "outcome is unknown", "3 new runs", "✓ matches"):
            assert words in text
        for button in ("Open the run", "Check again", "Back to the form", "Close"):
            assert button in text
