from collections.abc import Callable

import pytest

from nodion_tui.model.errors import NodionError, NotReachable
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.ui.log.actions.jump_actions import LogJumpActions
from nodion_tui.ui.log.open_log import OpenLog
from tests.support.filled_session import FilledSession
from tests.support.log_desk import LogDesk


def jumps(desk: LogDesk, errors: list[NodionError] | None = None) -> LogJumpActions:
    return LogJumpActions(
        context=desk.context(), show_error=(errors if errors is not None else []).append
    )


async def test_bookmarks_are_gone_to_in_a_circle() -> None:
    desk = LogDesk(*(f"line {n}" for n in range(50)))
    keys, viewport = jumps(desk), desk.log.viewport
    keys.action_log_next_mark(desk.log)
    assert desk.messages == ["no bookmarks: m sets one"]
    for line in (10, 30):
        viewport.go_to(line)
        keys.action_log_mark(desk.log)
    cursors = []
    for action in (
        keys.action_log_next_mark,
        keys.action_log_next_mark,
        keys.action_log_previous_mark,
        keys.action_log_previous_mark,
    ):
        action(desk.log)
        cursors.append(viewport.cursor)
    assert cursors == [10, 30, 10, 30]
    keys.action_log_mark(desk.log)
    assert desk.log.viewport.buffer.bookmarks == {10}


async def test_jumps_to_errors_start_where_the_one_before_ended() -> None:
    desk = LogDesk("ok", "ERROR one", "ok", "ERROR two", "ok")
    keys = jumps(desk)
    desk.log.viewport.to_start()
    keys.action_log_next_error(desk.log)
    keys.action_log_next_error(desk.log)
    await desk.worked("log-jump")
    assert desk.log.viewport.cursor == 3
    keys.action_log_next_error(desk.log)
    await desk.worked("log-jump")
    # The empty ones take back what was said of the jump before.
    assert desk.messages == ["", "", "continued at the start"]
    assert desk.log.viewport.cursor == 1


async def test_an_error_found_after_the_log_was_left_moves_nothing() -> None:
    desk = LogDesk("ok", "ERROR one", "ok")
    desk.log.viewport.to_start()
    jumps(desk).action_log_next_error(desk.log)
    desk.leave()
    await desk.worked("log-jump")
    assert desk.log.viewport.cursor == 0
    assert not desk.moves


async def test_a_line_expands_and_a_plain_one_says_that_it_cannot() -> None:
    desk = LogDesk('{"msg":"hello","order":1}', "plain")
    keys, viewport = jumps(desk), desk.log.viewport
    viewport.to_start()
    keys.action_log_open_line(desk.log)
    assert len(viewport.visible_rows()) > 2
    viewport.go_to(1)
    keys.action_log_open_line(desk.log)
    assert desk.messages == ["this line cannot be expanded"]


class Archive:
    """Has all lines, or cannot be reached."""

    def __init__(self, bodies: list[str]) -> None:
        self.lines = [LogLine(str(n), body) for n, body in enumerate(bodies)]
        self.is_down = False

    async def page(self, key: RunKey, after_id: str | None) -> Listing[LogLine]:
        del key
        if self.is_down:
            raise NotReachable("down")
        start = 0 if after_id is None else int(after_id) + 1
        return Listing(tuple(self.lines[start : start + 1000]))


@pytest.fixture
async def trimmed() -> tuple[LogDesk, Archive]:
    """A log whose first lines were dropped, at its first entry."""
    bodies = [f"line {n} {'x' * 80}" for n in range(4000)]
    archive = Archive(bodies)
    session = FilledSession(600_000)
    session._source = archive  # type: ignore[assignment]
    desk = LogDesk(*bodies, session=session)
    desk.log.viewport.to_start()
    return desk, archive


OpenFirst = Callable[[LogJumpActions], Callable[[OpenLog], None]]


@pytest.mark.parametrize(
    "action",
    [lambda keys: keys.action_log_first, lambda keys: keys.action_log_open_line],
    ids=["first", "open"],
)
async def test_dropped_lines_are_fetched_again(
    trimmed: tuple[LogDesk, Archive], action: OpenFirst
) -> None:
    desk, _ = trimmed
    buffer = desk.session.buffer
    first = buffer.first
    assert buffer.entry(first).kind is EntryKind.DROPPED
    action(jumps(desk))(desk.log)
    await desk.worked("log-older")
    assert desk.messages == ["fetching …", "fetched"]
    assert buffer.first < first


async def test_why_nothing_is_fetched_is_told(trimmed: tuple[LogDesk, Archive]) -> None:
    desk, archive = trimmed
    archive.is_down = True
    errors: list[NodionError] = []
    jumps(desk, errors).action_log_open_line(desk.log)
    await desk.worked("log-older")
    assert [type(error) for error in errors] == [NotReachable]
