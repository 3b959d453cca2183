"""The legend beside the plot."""

from nodion_tui.ui.paint.styled_row import StyledText
from nodion_tui.ui.timeline.legend import legend
from nodion_tui.ui.timeline.plot_points import PlotPoint

POINTS = [PlotPoint(n, 10, "failed" if n < 2 else "succeeded") for n in range(9)]


def test_succeeded_runs_have_the_mark_that_they_have_in_the_plot() -> None:
    for dotted, sign in ((False, "✓ "), (True, "⠶ ")):
        succeeded, failed = legend(POINTS, None, 20, dotted=dotted)
        assert succeeded[0] == StyledText(sign, "succeeded")
        assert failed[0] == StyledText("✗ ", "failed")
        assert "".join(part.text for part in succeeded).split() == [sign.strip(), "succeeded", "7"]
