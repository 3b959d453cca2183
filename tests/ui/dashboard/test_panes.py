"""What the panes do to their widgets, on a screen that is not shown."""

from textual.app import App
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.dashboard.panes import Pane, Panes
from nodion_tui.ui.paint.titled_pane import TitledPane


class Stage:
    """Panes of plain widgets."""

    def __init__(self) -> None:
        self.screen = Screen[None]()
        self.changes = 0
        self.frames = {name: TitledPane(id=name) for name in PaneName}
        panes = {name: Pane(frame, frame) for name, frame in self.frames.items()}
        self.panes = Panes(self.screen, panes, self._changed)

    def _changed(self) -> None:
        self.changes += 1

    @property
    def shown(self) -> list[PaneName]:
        return [name for name, frame in self.frames.items() if frame.display]

    @property
    def heights(self) -> list[str]:
        """Of what is above the log, and of the log."""
        above, log = self.panes.upper.styles.height, self.frames[PaneName.LOG].styles.height
        return [str(above), str(log)]


def test_the_size_decides_what_is_shown_and_the_style_sheet_is_told() -> None:
    stage = Stage()
    stage.panes.resize(Size(160, 40))
    assert stage.shown == list(PaneName)
    assert stage.screen.has_class("-roomy", "-wide")
    stage.panes.resize(Size(80, 24))
    assert stage.shown == [PaneName.RUNS, PaneName.LOG]
    assert stage.screen.classes == {"-medium"}
    stage.panes.action_toggle_detail()
    assert stage.shown == [PaneName.RUNS, PaneName.DETAIL]
    assert stage.screen.classes == {"-medium", "-lower-detail"}
    stage.panes.resize(Size(40, 10))
    assert stage.shown == [PaneName.DETAIL]
    assert stage.screen.classes == {"-narrow", "-single", "-lower-detail"}
    assert stage.changes == 4


def test_the_container_of_the_upper_panes_is_hidden_with_all_of_them() -> None:
    stage = Stage()
    stage.panes.focus(PaneName.LOG)
    displayed = [stage.panes.upper.display]
    stage.panes.action_zoom()
    assert stage.shown == [PaneName.LOG]
    assert "[zoomed]" in str(stage.frames[PaneName.LOG].border_title)
    assert [*displayed, stage.panes.upper.display] == [True, False]
    states = []
    for _ in range(4):
        stage.panes.leave()
        states.append((stage.panes.state.zoomed, stage.panes.state.focused))
    runners = (False, PaneName.RUNNERS)
    assert states == [(False, PaneName.LOG), (False, PaneName.RUNS), runners, runners]
    assert stage.panes.focus_target is stage.frames[PaneName.RUNNERS]


def test_a_chosen_share_applies_while_two_rows_of_panes_are_shown() -> None:
    stage = Stage()
    stage.panes.resize(Size(120, 40))
    assert stage.heights == ["None", "None"]
    stage.panes.action_taller()
    assert stage.heights == ["30fr", "70fr"]
    for _ in range(9):
        stage.panes.action_shorter()
    assert stage.heights == ["80fr", "20fr"]
    stage.panes.action_zoom()
    assert stage.heights == ["None", "None"]
    stage.panes.action_zoom()
    assert stage.heights == ["80fr", "20fr"]
    stage.panes.set_log_share(0)
    assert stage.heights == ["None", "None"]


def test_a_pane_that_takes_the_place_of_another_is_as_visible() -> None:
    stage = Stage()
    stage.panes.resize(Size(40, 10))
    stage.frames[PaneName.LOG] = log = TitledPane()
    stage.panes.replace(PaneName.LOG, Pane(log, log))
    assert not log.display
    stage.panes.focus(PaneName.LOG)
    assert stage.shown == [PaneName.LOG]


class Styled(Static):
    times = 0

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.times += 1


async def test_a_zoom_styles_the_panes_and_nothing_in_them() -> None:
    class Host(App[None]):
        CSS = ".-single TitledPane { height: 7; }"

    app = Host()
    async with app.run_test() as pilot:
        inner = Styled()
        log, runs = TitledPane(inner), TitledPane()
        frames = {PaneName.RUNS: Pane(runs, runs), PaneName.LOG: Pane(log, log)}
        panes = Panes(app.screen, frames, lambda: None)
        await app.screen.mount(panes.upper, log)
        panes.focus(PaneName.LOG)
        await pilot.pause()
        before = inner.times
        panes.action_zoom()
        assert str(log.styles.height) == "7"
        assert inner.times == before
