import pytest

from nodion_tui.config import Profile, Secret
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.log.actions.copy_actions import LogCopyActions
from nodion_tui.ui.log.excerpt import Excerpt
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.log.viewport.selection import Selection, TextPosition
from tests.support.log_desk import LogDesk

BODIES = ["first", "\x1b[31msecond\x07", "third"]


class Clipboard:
    """Where copied texts go, or what is offered instead."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.offers: list[str] = []

    def offer_save(self, log: OpenLog, excerpt: Excerpt | None) -> None:
        del log
        self.offers.append(excerpt.name if excerpt else "all")


def copying(desk: LogDesk, clipboard: Clipboard, monitor: Monitor | None = None) -> LogCopyActions:
    return LogCopyActions(
        context=desk.context(monitor),
        copy=clipboard.texts.append,
        offer_save=clipboard.offer_save,
    )


async def copied(desk: LogDesk, title: str, monitor: Monitor | None = None) -> list[str]:
    clipboard, desk.answer = Clipboard(), title
    copying(desk, clipboard, monitor).action_log_copy_menu(desk.log)
    await desk.worked("log-copy")
    return clipboard.texts


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Line", "second␇"),
        ("Raw line", BODIES[1]),
        ("All lines shown", "first\nsecond␇\nthird"),
        ("Run id", "run"),
        ("Command", "python migrate.py"),
    ],
)
async def test_what_is_chosen_is_copied(title: str, text: str) -> None:
    desk = LogDesk(*BODIES)
    desk.log.viewport.go_to(1)
    assert await copied(desk, title) == [text]
    assert desk.messages[-1].endswith("sent to the terminal's clipboard")


async def test_curl_is_offered_with_a_profile_and_contains_no_key() -> None:
    monitor = Monitor(Profile(api_url="https://api.example/v1", key=Secret("canary")))
    desk = LogDesk(*BODIES)
    assert not await copied(desk, "curl")
    (text,) = await copied(desk, "curl", monitor)
    assert text.startswith("curl ")
    assert "https://api.example/v1/runners/runner/runs" in text
    assert "canary" not in text


async def test_a_selection_is_copied_and_cleared() -> None:
    desk, clipboard = LogDesk(*BODIES), Clipboard()
    selection = Selection(TextPosition(0), TextPosition(1), whole_lines=True)
    desk.log.annotations.selection = selection
    copying(desk, clipboard).copy_selection(desk.log, selection)
    assert clipboard.texts == ["first\nsecond␇"]
    assert [desk.log.annotations.selection] == [None]
    desk.log.annotations.selection = selection
    assert await copied(desk, "Selection") == ["first\nsecond␇"]


async def test_of_a_log_that_was_left_nothing_is_copied() -> None:
    desk = LogDesk(*BODIES)
    desk.leave()
    assert not await copied(desk, "Line")
    assert not desk.messages


async def test_escape_copies_nothing() -> None:
    desk = LogDesk(*BODIES)
    assert not await copied(desk, "nothing of the menu")


async def test_what_is_too_large_is_offered_to_be_saved() -> None:
    desk, clipboard = LogDesk(*["x" * 1000] * 200), Clipboard()
    desk.answer = "All lines shown"
    keys = copying(desk, clipboard)
    keys.action_log_copy_menu(desk.log)
    await desk.worked("log-copy")
    keys.copy_selection(desk.log, Selection(TextPosition(0), TextPosition(150), whole_lines=True))
    assert clipboard.offers == ["all", "the selection, 151 lines"]
    assert not clipboard.texts
