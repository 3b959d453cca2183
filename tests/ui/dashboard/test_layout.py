from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from nodion_tui.ui.dashboard.layout import (
    MIN_LOG_ROWS,
    MIN_SHARE,
    Layout,
    PaneName,
    PaneState,
    UpperRows,
    clamp_share,
    layout_of,
    settled_rows,
)

views = st.builds(
    PaneState,
    layout=st.sampled_from(Layout),
    focused=st.sampled_from(PaneName),
    lower=st.sampled_from((PaneName.LOG, PaneName.DETAIL)),
    zoomed=st.booleans(),
)


def test_layouts_by_size() -> None:
    assert layout_of(120, 36) is Layout.WIDE
    assert layout_of(119, 36) is Layout.MEDIUM
    assert layout_of(80, 20) is Layout.MEDIUM
    assert layout_of(79, 50) is Layout.NARROW
    assert layout_of(200, 19) is Layout.NARROW
    assert layout_of(1, 1) is Layout.NARROW


def test_wide_shows_everything_and_medium_folds_the_runners() -> None:
    assert PaneState(Layout.WIDE).panes == tuple(PaneName)
    assert PaneState(Layout.MEDIUM, PaneName.RUNS).panes == (PaneName.RUNS, PaneName.LOG)
    assert PaneState(Layout.MEDIUM, PaneName.RUNS, PaneName.DETAIL).panes == (
        PaneName.RUNS,
        PaneName.DETAIL,
    )


@given(views)
def test_a_settled_view_has_its_focus_on_the_screen(view: PaneState) -> None:
    settled = view.with_visible_focus()
    assert settled.focused in settled.panes
    assert settled.with_visible_focus() == settled
    if view.focused in view.panes:
        assert settled == view


@given(views)
def test_one_pane_is_never_shown_twice(view: PaneState) -> None:
    assert len(set(view.panes)) == len(view.panes) > 0


def test_in_and_back_go_through_runners_runs_and_log() -> None:
    state = PaneState(Layout.WIDE)
    assert (state.inner, state.outer) == (PaneName.RUNS, None)
    state = state.with_focus(PaneName.RUNS)
    assert (state.inner, state.outer) == (PaneName.LOG, PaneName.RUNNERS)
    assert state.with_layout(Layout.MEDIUM).outer is PaneName.RUNNERS, "a drawer"
    for pane in (PaneName.DETAIL, PaneName.LOG):
        state = state.with_focus(pane)
        assert (state.inner, state.outer) == (PaneName.LOG, PaneName.RUNS)


def test_detail_and_log_share_the_lower_half_of_a_medium_screen() -> None:
    state = PaneState(Layout.MEDIUM, PaneName.RUNS).with_focus(PaneName.DETAIL)
    assert state.panes == (PaneName.RUNS, PaneName.DETAIL)
    assert state.with_focus(PaneName.RUNS).panes == state.panes, "until the log has the focus"
    assert state.with_focus(PaneName.LOG).panes == (PaneName.RUNS, PaneName.LOG)


@given(views, st.sampled_from(PaneName))
def test_a_pane_that_is_to_have_the_focus_is_shown_or_else_the_nearest(
    view: PaneState, pane: PaneName
) -> None:
    focused = view.with_focus(pane)
    assert focused.focused in focused.panes
    assert focused.focused is pane


def test_the_runners_of_a_medium_screen_are_a_drawer_while_they_have_the_focus() -> None:
    state = PaneState(Layout.WIDE, PaneName.RUNNERS).with_layout(Layout.MEDIUM)
    assert state.panes == (PaneName.RUNS, PaneName.LOG), "closed at first"
    drawer = state.with_focus(PaneName.RUNNERS)
    assert drawer.panes == (PaneName.RUNNERS, PaneName.RUNS, PaneName.LOG)
    assert drawer.with_layout(Layout.MEDIUM) == drawer, "another size keeps it"
    assert drawer.with_focus(drawer.inner).panes == state.panes


@given(views)
def test_going_to_the_next_pane_visits_all_that_can_be_seen(view: PaneState) -> None:
    view = view.with_visible_focus()
    if view.has_drawer and not view.zoomed:
        view = view.with_focus(PaneName.RUNS)  # Its order ends where the drawer closes.
    places = view.panes if len(view.panes) > 1 else tuple(PaneName)
    visited = [view.focused]
    for _ in places:
        view = view.with_focus(view.neighbor(1))
        visited.append(view.focused)
    assert visited[0] == visited[-1]
    assert set(visited) == set(places)
    assert view.with_focus(view.neighbor(1)).neighbor(-1) == view.focused


@given(views)
def test_zooming_twice_changes_nothing(view: PaneState) -> None:
    view = replace(view, zoomed=False).with_visible_focus()
    zoomed = view.with_zoom_toggled()
    assert zoomed.panes == (view.focused,)
    assert zoomed.with_zoom_toggled() == view


@given(st.integers(-1000, 1000))
def test_a_share_leaves_room_for_both_halves(percent: int) -> None:
    share = clamp_share(percent)
    assert share == 0 if percent == 0 else MIN_SHARE <= share <= 100 - MIN_SHARE
    assert clamp_share(share) == share


def test_a_log_takes_what_it_needs_up_to_its_share() -> None:
    cut, whole, end = UpperRows(0, 40), UpperRows(0, 0), UpperRows(30, 0)
    assert settled_rows(20, 8, 20, [cut, whole]) == 8
    assert settled_rows(20, 1, 20, [cut]) == MIN_LOG_ROWS
    assert settled_rows(8, 90, 20, [cut]) == 20, "no more than its share"
    assert settled_rows(20, 18, 20, [cut]) == 20, "too little"
    assert settled_rows(18, 20, 20, [cut]) == 18, "too little"
    assert settled_rows(20, 8, 20, [whole]) == 20, "nothing is cut off"
    assert settled_rows(20, 8, 20, [UpperRows(0, 6), whole]) == 14, "no more than is of use"
    assert settled_rows(20, 8, 20, [cut, end]) == 20, "a list at its end would move"
    assert settled_rows(20, 8, 20, [cut, UpperRows(30, 5)]) == 15
