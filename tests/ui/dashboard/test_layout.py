from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.ui.dashboard.layout import Layout, PaneName, PaneState, layout_of

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
