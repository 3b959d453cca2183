from nodion_tui.ui.log.actions.selection_actions import LogSelectionActions
from tests.support.log_desk import LogDesk


async def test_a_selection_starts_at_the_cursor_and_is_cleared_by_the_same_key() -> None:
    desk = LogDesk("one", "two", "three")
    keys = LogSelectionActions(desk.moved)
    desk.log.viewport.set_cursor(1)
    keys.action_log_select(desk.log)
    selection = desk.log.annotations.selection
    assert selection is not None
    assert (selection.start.index, selection.stop.index) == (1, 2)
    keys.action_log_select(desk.log)
    assert desk.log.annotations.selection is None
    assert not keys.end_selection(desk.log)
    assert desk.moves == 2


async def test_extending_starts_a_selection_and_moves_the_cursor() -> None:
    desk = LogDesk("one", "two", "three")
    keys = LogSelectionActions(desk.moved)
    desk.log.viewport.to_start()
    keys.action_log_select_down(desk.log)
    assert desk.log.annotations.selection is not None
    assert desk.log.viewport.cursor == 1
    keys.action_log_select_up(desk.log)
    assert desk.log.viewport.cursor == 0


async def test_nothing_is_selected_in_an_empty_log() -> None:
    desk = LogDesk()
    keys = LogSelectionActions(desk.moved)
    keys.action_log_select(desk.log)
    keys.action_log_select_down(desk.log)
    assert desk.log.annotations.selection is None
