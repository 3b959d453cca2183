from nodion_tui.ui.log.actions.display_actions import LogDisplayActions
from nodion_tui.ui.log.actions.navigation_actions import LogNavigation
from nodion_tui.ui.log.render.display_options import DisplayOptions, TimestampMode
from tests.support.log_desk import LogDesk


async def test_each_key_moves_and_repaints_once() -> None:
    desk = LogDesk(*(f"line {n} {'x' * 60}" for n in range(100)))
    keys, viewport = LogNavigation(desk.moved), desk.log.viewport
    tops = []
    for action in (
        keys.action_log_page_up,
        keys.action_log_half_page_up,
        keys.action_log_half_page_down,
        keys.action_log_page_down,
    ):
        action(desk.log)
        tops.append(viewport.top.index)
    assert tops == [81, 77, 81, 90]
    keys.action_log_cursor_up(desk.log)
    keys.action_log_cursor_up(desk.log)
    keys.action_log_cursor_down(desk.log)
    assert [viewport.follow] == [False]
    keys.action_log_follow(desk.log)
    assert [viewport.follow] == [True]
    assert desk.moves == 8


async def test_columns_scroll_by_eight_to_the_start_and_to_the_end() -> None:
    desk = LogDesk("x" * 100)
    keys, viewport = LogNavigation(desk.moved), desk.log.viewport
    columns = []
    for action in (
        keys.action_log_right,
        keys.action_log_right,
        keys.action_log_left,
        keys.action_log_line_end,
        keys.action_log_line_start,
    ):
        action(desk.log)
        columns.append(viewport.first_column)
    assert columns == [8, 16, 8, 60, 0]


def test_display_options_change_one_at_a_time_with_or_without_a_log() -> None:
    applied: list[DisplayOptions] = []
    messages: list[str] = []
    keys = LogDisplayActions(applied.append, messages.append)
    keys.action_log_wrap()
    keys.action_log_pretty()
    keys.action_log_stamps()
    keys.action_log_public()
    assert applied == [
        DisplayOptions(wrap=True),
        DisplayOptions(wrap=True, pretty=False),
        DisplayOptions(wrap=True, pretty=False, timestamps=TimestampMode.UTC),
        DisplayOptions(wrap=True, pretty=False, timestamps=TimestampMode.UTC, public_only=True),
    ]
    assert keys.options == applied[-1]
    assert messages == ["times: UTC"]
