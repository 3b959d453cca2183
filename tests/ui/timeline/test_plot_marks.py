"""Marks of the plot: how runs that share a cell are shown, and that failures stand out."""

import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.text.signs import status_sign
from nodion_tui.ui.paint.styled_row import StyledText
from nodion_tui.ui.timeline.plot_marks import PlotCell, median_mark, plot_marks
from nodion_tui.ui.timeline.plot_points import DurationScale, PlotPoint

SCALE = DurationScale(step=10, ticks=2, rows=3, longest_rows=2.0)
"""Ten seconds a row, with 0 s in the middle of the lowest one."""
STATUSES = ("succeeded", "pending", "running", "canceled", "new-one", "failed")
"""From the best to the worst."""


def marks(*points: PlotPoint, dotted: bool = True) -> Mapping[PlotCell, StyledText]:
    return plot_marks(points, SCALE, dotted=dotted)


@pytest.mark.parametrize(
    ("half_cell", "seconds", "sign"),
    [
        (0, 5.0, "⡀"),
        (0, 7.5, "⠄"),
        (0, 10.0, "⠂"),
        (0, 12.5, "⠁"),
        (1, 5.0, "⢀"),
        (1, 7.5, "⠠"),
        (1, 10.0, "⠐"),
        (1, 12.5, "⠈"),
    ],
)
def test_each_succeeded_run_is_a_dot_at_its_time_and_duration(
    half_cell: int, seconds: float, sign: str
) -> None:
    assert marks(PlotPoint(half_cell, seconds, "succeeded")) == {
        PlotCell(1, 0): StyledText(sign, "succeeded")
    }


def test_dots_of_a_cell_become_one_sign() -> None:
    every = [
        PlotPoint(half, seconds, "succeeded")
        for half in (6, 7)
        for seconds in (5.0, 7.5, 10.0, 12.5)
    ]
    assert marks(*every) == {PlotCell(1, 3): StyledText("⣿", "succeeded")}


def test_few_runs_are_signs() -> None:
    assert marks(PlotPoint(0, 10, "succeeded"), dotted=False) == {
        PlotCell(1, 0): StyledText("✓", "succeeded")
    }


@given(
    statuses=st.lists(st.sampled_from(STATUSES), min_size=1, max_size=9),
    rng=st.randoms(),
    dotted=st.booleans(),
)
def test_the_worst_of_a_cell_wins_whatever_the_order(
    statuses: list[str], rng: random.Random, *, dotted: bool
) -> None:
    points = [PlotPoint(4, 10 + number / 9, status) for number, status in enumerate(statuses)]
    shown = marks(*points, dotted=dotted)
    assert marks(*rng.sample(points, len(points)), dotted=dotted) == shown
    worst = max(statuses, key=STATUSES.index)
    mark = shown[PlotCell(1, 2)]
    assert mark.style == ("unknown" if worst == "new-one" else worst)
    assert mark.text == status_sign(worst) or (dotted and worst == "succeeded")


@pytest.mark.parametrize("dotted", [True, False])
def test_statuses_differ_without_color(*, dotted: bool) -> None:
    signs = {
        status: marks(PlotPoint(0, 10, status), dotted=dotted)[PlotCell(1, 0)].text
        for status in STATUSES
    }
    assert len({*signs.values()}) == len(STATUSES)
    assert signs["failed"] == "✗"


@pytest.mark.parametrize(("seconds", "sign"), [(5.0, "⣀"), (7.5, "⠤"), (10.0, "⠒"), (12.5, "⠉")])
def test_the_line_of_the_median_is_as_exact_as_the_points(seconds: float, sign: str) -> None:
    assert median_mark(seconds, SCALE, dotted=True) == (1, StyledText(sign, "bar-blurred"))
    assert median_mark(seconds, SCALE, dotted=False) == (1, StyledText("╌", "bar-blurred"))
