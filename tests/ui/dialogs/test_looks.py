"""Properties of all dialogs: themes, ASCII glyphs, no leaked widgets."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from rich.cells import cell_len

from nodion_tui.config.problems import Problem
from nodion_tui.model.errors import InputError
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.trigger_draft import CommandMode, EnvRow, TriggerDraft
from nodion_tui.model.variation import Variation, planned_requests
from nodion_tui.monitor.insight.failure_causes import CauseFamily
from nodion_tui.monitor.insight.failure_groups import FailureCause, FailureGroup
from nodion_tui.monitor.many.planned_start import (
    PlannedStart,
    StartOutcome,
    StartState,
    planned_starts,
)
from nodion_tui.monitor.many.start_series import StartSeries
from nodion_tui.monitor.runs.bulk_stop import StopOutcome, StopState
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.runs.run_control import RunControl
from nodion_tui.monitor.runs.unknown_outcome import rank_candidates
from nodion_tui.monitor.storage.known_failures import KnownFailure
from nodion_tui.monitor.storage.presets import Preset
from nodion_tui.monitor.storage.views import View
from nodion_tui.ui.causes.acknowledge_dialog import AcknowledgeDialog, Acknowledgement
from nodion_tui.ui.causes.causes_dialog import CauseChoice, CausesDialog
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.own.confirm_dialog import ConfirmCommandDialog
from nodion_tui.ui.paint.theme import THEMES
from nodion_tui.ui.problems.problem_dialog import ProblemDialog
from nodion_tui.ui.stop.bulk_dialog import BulkResultsDialog, BulkStopDialog
from nodion_tui.ui.stop.dialog import StopDialog
from nodion_tui.ui.trigger.many.results_dialog import SeriesStep, StartResultsDialog
from nodion_tui.ui.trigger.many.start_dialog import OfferedStart, StartManyDialog
from nodion_tui.ui.trigger.preset_picker import PresetChoice, PresetPicker
from nodion_tui.ui.trigger.preset_save import PresetSaveRequest, SavePresetDialog
from nodion_tui.ui.trigger.preset_sharing import PresetPathDialog
from nodion_tui.ui.trigger.unknown_outcome_dialog import Decision, UnknownOutcomeDialog
from nodion_tui.ui.views.name_dialog import ViewNameDialog
from nodion_tui.ui.views.view_picker import ViewPicker
from tests.support.trigger_form import trigger_form

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from textual.screen import ModalScreen

    from nodion_tui.config import Profile
    from nodion_tui.model.run import Run
    from nodion_tui.model.runner import Runner
    from tests.support.dialogs import OpenDialog

    Makers = dict[str, Callable[[], ModalScreen[Any]]]

DRAFT = TriggerDraft(
    mode=CommandMode.ARGV,
    argv_text="echo '' ' a ' $X",
    env=(EnvRow("A_KEY", "x", hidden=True), EnvRow("9", "y"), EnvRow("B", "", enabled=False)),
)
NAMES = [
    *("trigger", "re-run", "stop", "bulk", "results", "unknown", "picker", "save"),
    *("acknowledge", "causes", "problems", "own command", "views", "view name", "preset path"),
    *("start many", "series"),
]


@pytest.fixture
def makers(run: Run, runner: Runner, here: Profile, now: datetime) -> Makers:
    other = msgspec.structs.replace(run, id="f0000000-a", status="failed")
    runners = {runner.id: runner}
    asked: dict[str, Any] = {"profile": here, "clock": lambda: now}

    def results() -> BulkResultsDialog:
        dialog = BulkResultsDialog([run, other], runners, clock=lambda: 0.0)
        dialog.show_outcome(run.key, StopOutcome(StopState.REQUESTED))
        dialog.show_outcome(other.key, StopOutcome(StopState.FAILED, "no"))
        return dialog

    cause = FailureCause(4, ("ERROR db at <ip> refused",), "")
    known = KnownFailure(profile="p", exit_code=4, shapes=cause.shapes, at=now, note="T-7")
    family = CauseFamily(FailureGroup(cause, (other,)), known, 1)
    found = rank_candidates(TriggerRequest(argv=run.argv), (run, other))
    planned = planned_requests(TriggerRequest(), [Variation("REGION", ("eu", "us", "ap"))])
    starts = planned_starts(runner.id, planned)
    offers = [
        OfferedStart("REGION=eu", starts[0], "1 variable"),
        OfferedStart("REGION=us", starts[1], "environment not known", is_certain=False),
        OfferedStart("REGION=ap", None, "cannot: secret not stored"),
    ]

    def series() -> StartResultsDialog:
        runs = KnownRuns()
        series = StartSeries(starts, RunControl(runs, lambda: pytest.fail("sends")), runs)
        names = [start.label for start in starts]
        refused = InputError("no")
        series.outcomes = [
            StartOutcome(StartState.STARTED, run=run),
            StartOutcome(StartState.UNKNOWN),
            StartOutcome(StartState.REFUSED, error=refused),
        ]
        return StartResultsDialog(
            series, names, profile=here, find_run=runs.run, is_left=lambda: False
        )

    return {
        "trigger": lambda: trigger_form(runner, profile=here, draft=DRAFT),
        "re-run": lambda: trigger_form(
            runner, profile=here, rerun_of=run, draft=DRAFT, field_errors={"argv": ("no",)}
        ),
        "stop": lambda: StopDialog(run, runner, **asked),
        "bulk": lambda: BulkStopDialog([run, other], runners, description="2 marked rows", **asked),
        "results": results,
        "unknown": lambda: UnknownOutcomeDialog(runner, found, listed=True, **asked),
        "own command": lambda: ConfirmCommandDialog("Restart", ("ssh", "x y"), "run e5f6a7b8"),
        "views": lambda: ViewPicker("test", (View(profile="test", name="failing"),)),
        "view name": lambda: ViewNameDialog("Save as a view", "day", frozenset({"day"}), "all"),
        "preset path": lambda: PresetPathDialog("Share", "a.toml", "Without secrets.", "Save"),
        "picker": lambda: PresetPicker((Preset("nightly", DRAFT),)),
        "save": lambda: SavePresetDialog("nightly", frozenset({"nightly"}), has_secrets=True),
        "acknowledge": lambda: AcknowledgeDialog(family, {}, now, is_read=True),
        "causes": lambda: CausesDialog(lambda: [family], {}, lambda: now),
        "problems": lambda: ProblemDialog([Problem("config.toml:8", "rules[0].tell: nobody")]),
        "start many": lambda: StartManyDialog(offers, profile=here, description="3 marked rows"),
        "series": series,
    }


async def test_what_stands_beside_labels_is_aligned(opened: OpenDialog, makers: Makers) -> None:
    entries = [MenuEntry("1", "a", "日本", "one"), MenuEntry("2", "b", "longer", "two")]
    for dialog, wanted in (
        (Menu("Which?", [*entries, MenuEntry("3", "c", "not beside anything")]), ("one", "two")),
        (makers["unknown"](), ("40s ago", "40s ago")),
        (makers["results"](), ("e5f6a7b8", "f0000000")),
    ):
        async with opened(dialog, (100, 30)) as stage:
            rows = iter(stage.screen_text().splitlines())
            found = [next(row for row in rows if text in row) for text in wanted]
            columns = [
                cell_len(row.partition(text)[0]) for row, text in zip(found, wanted, strict=True)
            ]
            assert len(set(columns)) == 1, found


async def test_what_enables_a_start_is_in_sight_in_a_low_window(
    opened: OpenDialog, here: Profile
) -> None:
    request = TriggerRequest(argv=("python", "shop.py", "thumbnails"))
    start = PlannedStart("r-1", request, label="Thumbnails")
    offers = [OfferedStart(f"Run {n}", start, "not known", is_certain=False) for n in range(9)]
    dialog = StartManyDialog(offers, profile=here, description="9 marked rows")
    async with opened(dialog, (40, 10)) as stage:
        await stage.sees("include the 9 whose environment")
        assert "Tick the box" in stage.screen_text()
        bars = [each for each in dialog.query("*") if each.show_vertical_scrollbar]
        assert [each.has_class("box") for each in bars] == [True]


@pytest.mark.parametrize("name", NAMES)
async def test_with_signs_of_ascii_there_is_nothing_else(
    opened: OpenDialog, makers: Makers, name: str
) -> None:
    async with opened(makers[name](), (80, 24), ascii_only=True) as stage:
        text = stage.screen_text()
        assert {character for character in text if not character.isascii()} == set()
        assert "+-" in text


async def test_with_signs_of_ascii_what_is_typed_is_sent_as_typed(
    opened: OpenDialog, runner: Runner, here: Profile
) -> None:
    draft = TriggerDraft(mode=CommandMode.ARGV, argv_text="echo ✗… ")
    async with opened(trigger_form(runner, profile=here, draft=draft), ascii_only=True) as stage:
        await stage.press("é", "✓")
        await stage.sees("echo x~ e+")
        await stage.press("ctrl+j")
        request = await stage.dismissed()
        assert isinstance(request, TriggerRequest)
        assert request.argv == ("echo", "✗…", "é✓")


@pytest.mark.parametrize(
    ("name", "button"),
    [
        ("trigger", "#trigger-leave"),
        ("stop", "#stop-keep"),
        ("bulk", "#stop-keep"),
        ("results", "#bulk-close"),
        ("unknown", "#unknown-leave"),
        ("picker", "#preset-close"),
        ("save", "#preset-cancel"),
        ("acknowledge", "#acknowledge-leave"),
        ("problems", "#problems-close"),
        ("start many", "#many-leave"),
        ("series", "#series-close"),
    ],
)
async def test_a_button_pressed_in_a_burst_dismisses_once(
    opened: OpenDialog, makers: Makers, name: str, button: str
) -> None:
    async with opened(makers[name]()) as stage:
        stage.app.screen.query_one(button).focus()
        await stage.pilot.pause()
        stage.burst(*["enter"] * 4)
        await stage.dismissed()
        await stage.pilot.pause()
        assert len(stage.app.results) == 1


@pytest.mark.parametrize("name", NAMES)
async def test_help_opens_in_every_dialog(opened: OpenDialog, makers: Makers, name: str) -> None:
    async with opened(makers[name]()) as stage:
        await stage.press("f1")
        await stage.until(lambda: stage.app.helped == 1)
        for widget in stage.app.screen.query(CompactButton):
            if not widget.disabled and widget.display:
                widget.focus()
                await stage.press("?")
                await stage.until(lambda: stage.app.helped == 2)
                break
        assert stage.is_open


@pytest.mark.parametrize("key", ["ctrl+j", "alt+enter"])
@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("stop", bool),
        ("bulk", tuple),
        ("results", type(None)),
        ("unknown", Decision),
        ("picker", PresetChoice),
        ("save", PresetSaveRequest),
        ("acknowledge", Acknowledgement),
        ("causes", CauseChoice),
        ("series", SeriesStep),
    ],
)
async def test_the_keys_that_accept_do_so_in_every_dialog(
    opened: OpenDialog, makers: Makers, name: str, result: type, key: str
) -> None:
    async with opened(makers[name]()) as stage:
        await stage.press(key)
        dismissed = await stage.dismissed()
        assert isinstance(dismissed, result)
        assert dismissed is not False


@pytest.mark.parametrize("name", ["trigger", "stop", "bulk", "unknown", "save", "acknowledge"])
async def test_a_toast_covers_no_button(opened: OpenDialog, makers: Makers, name: str) -> None:
    async with opened(makers[name](), (80, 24), notifications=True) as stage:
        stage.app.notify("The first", title="A toast")
        stage.app.notify("One line\nand another", title="A second toast")
        await stage.sees("and another")
        assert "A second toast" in stage.screen_text()
        assert "The first" not in stage.screen_text(), "the newest alone has room"
        (*_, toast) = stage.app.screen.query("Toast")
        assert toast.region
        for button in stage.app.screen.query(CompactButton):
            assert not button.region.overlaps(toast.region)
        for id_ in ("#trigger-submit", "#stop-it", "#preset-save"):
            assert all(stage.is_seen(button) for button in stage.app.screen.query(id_))


async def test_a_toast_is_seen_once_though_a_dialog_covers_its_screen(opened: OpenDialog) -> None:
    async with opened(Menu("Low?", [MenuEntry("1", "a", "A")]), notifications=True) as stage:
        stage.app.screen.styles.align_vertical = "bottom"
        stage.app.screen_stack[0].query_one("ToastRack").styles.margin = (3, 0, 0, 0)
        stage.app.pop_screen()
        stage.app.notify("Seen once", timeout=60)
        await stage.sees("Seen once")
        stage.app.push_screen(Menu("High?", [MenuEntry("1", "b", "B")]))
        await stage.sees("High?")
        await stage.until(lambda: stage.screen_text().count("Seen once") == 1)
        await stage.press("escape")
        await stage.until(lambda: "High?" not in stage.screen_text())
        await stage.sees("Seen once")


async def test_a_toast_is_seen_once_though_its_screen_was_in_front_between_two_dialogs(
    opened: OpenDialog,
) -> None:
    async with opened(Menu("First?", [MenuEntry("1", "a", "A")]), notifications=True) as stage:
        stage.app.screen_stack[0].query_one("ToastRack").styles.margin = (3, 0, 0, 0)
        stage.app.notify("Seen once", timeout=60)
        await stage.sees("Seen once")
        stage.app.pop_screen()
        stage.app.push_screen(Menu("Second?", [MenuEntry("1", "b", "B")]))
        await stage.sees("Second?")
        await stage.until(lambda: stage.screen_text().count("Seen once") == 1)
        rack = stage.app.screen_stack[0].query_one("ToastRack")
        await stage.until(lambda: not rack.children)


async def test_a_letter_of_a_menu_typed_in_a_burst_chooses_once(opened: OpenDialog) -> None:
    async with opened(
        Menu("Which?", [MenuEntry("1", "a", "A"), MenuEntry("2", "b", "B")])
    ) as stage:
        stage.burst("1", "2", "1")
        await stage.dismissed()
        await stage.pilot.pause()
        assert stage.app.results == ["a"]


async def test_every_dialog_stands_in_every_theme(opened: OpenDialog, makers: Makers) -> None:
    async with opened(makers["stop"]()) as stage:
        for theme in THEMES:
            stage.app.theme = theme.name
            for make in makers.values():
                screen = make()
                stage.app.push_screen(screen)
                await stage.pilot.pause()
                shown = screen.query("CompactButton, Static, LineField, OptionList")
                styles = [widget.rich_style for widget in shown]
                assert styles
                # Transparent backgrounds are the terminal's own and cannot be compared.
                clash = [s for s in styles if s.bgcolor is not None and s.color == s.bgcolor]
                assert clash == [] or theme.ansi
                stage.app.pop_screen()


@pytest.mark.own_textual("Textual keeps closed widgets (its issue 6665)")
async def test_nothing_of_a_dialog_stays_behind(opened: OpenDialog, makers: Makers) -> None:
    left: list[weakref.ref[Any]] = []
    async with opened(makers["stop"]()) as stage:
        for name in ("trigger", "bulk", "picker", "trigger"):
            screen = makers[name]()
            await stage.app.push_screen(screen)
            await stage.pilot.pause()
            widgets = (screen, *screen.query("*"))
            left += [weakref.ref(each) for each in widgets]
            left += [weakref.ref(each._styles_cache) for each in widgets]
            await stage.app.pop_screen()
            await stage.pilot.pause()
            del screen, widgets
        for _ in range(100):  # their tasks end asynchronously
            gc.collect()
            if not any(each() for each in left):
                break
            await stage.pilot.pause()
        assert [each() for each in left if each() is not None] == []
