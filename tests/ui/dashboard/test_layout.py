from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.ui.dashboard.layout import Layout, Place, View, layout_of

views = st.builds(
    View,
    layout=st.sampled_from(Layout),
    place=st.sampled_from(Place),
    lower=st.sampled_from((Place.LOG, Place.DETAIL)),
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
    assert View(Layout.WIDE).panes == tuple(Place)
    assert View(Layout.MEDIUM, Place.RUNS).panes == (Place.RUNS, Place.LOG)
    assert View(Layout.MEDIUM, Place.RUNS, Place.DETAIL).panes == (Place.RUNS, Place.DETAIL)


@given(views)
def test_a_settled_view_has_its_focus_on_the_screen(view: View) -> None:
    settled = view.settled()
    assert settled.place in settled.panes
    assert settled.settled() == settled
    if view.place in view.panes:
        assert settled == view


@given(views)
def test_one_pane_is_never_shown_twice(view: View) -> None:
    assert len(set(view.panes)) == len(view.panes) > 0
