"""The dialogs about causes, without an app around them."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from msgspec.structs import replace

from nodion_tui.model.run import Run
from nodion_tui.monitor.insight.failure_causes import CauseFamily
from nodion_tui.monitor.insight.failure_groups import FailureCause, FailureGroup
from nodion_tui.monitor.storage.known_failures import KnownFailure, Lasting
from nodion_tui.ui.causes.acknowledge_dialog import AcknowledgeDialog, Acknowledgement
from nodion_tui.ui.causes.causes_dialog import CauseChoice, CausesDialog
from tests.support.dialogs import OpenDialog

HOSTILE = "[red]x[/nope] \x1b[2J \u202e"
FULL = FailureCause(4, ("ERROR disk full",), "")
Family = Callable[..., CauseFamily]


@pytest.fixture
def family(run: Run, now: datetime) -> Family:
    """A failure of a cause, acknowledged if there is a note."""

    def make(cause: FailureCause = FULL, note: str | None = None) -> CauseFamily:
        failed = replace(run.record, status="failed", exit_code=4, completed_at=now).run
        known = None
        if note is not None:
            known = KnownFailure(profile="p", at=now, lasts=Lasting.WEEK, note=note)
        return CauseFamily(FailureGroup(cause, (failed,)), known, 1)

    return make


async def test_text_of_a_job_and_of_a_note_is_no_markup_and_moves_no_cursor(
    opened: OpenDialog, family: Family, now: datetime
) -> None:
    hostile = family(FailureCause(4, (HOSTILE,), ""), HOSTILE)
    for dialog in (
        CausesDialog(lambda: [hostile], {}, lambda: now),
        AcknowledgeDialog(hostile, {}, now, is_read=True),
    ):
        async with opened(dialog) as stage:
            text = stage.screen_text()
            assert text.count("[red]x[/nope]") >= 2
            assert "\u202e" not in text
            assert "\x1b" not in text


async def test_what_is_decided_about_a_cause(
    opened: OpenDialog, family: Family, now: datetime
) -> None:
    for keys, decision in (
        (["T", "-", "7", "enter"], Acknowledgement(Lasting.SUCCESS, "T-7")),
        (["up", "left", "ctrl+j"], Acknowledgement(Lasting.FOREVER)),
        (["escape"], None),
        (["tab", "enter"], None),
    ):
        async with opened(AcknowledgeDialog(family(), {}, now, is_read=True, unread=1)) as stage:
            assert "+ failures of" in stage.screen_text()
            await stage.press(*keys)
            assert await stage.dismissed() == decision


async def test_a_known_cause_is_told_with_its_note_and_can_be_taken_back(
    opened: OpenDialog, family: Family, now: datetime
) -> None:
    async with opened(AcknowledgeDialog(family(note="T-7"), {}, now, is_read=True)) as stage:
        text = stage.screen_text()
        assert "until Jan 22" in text
        assert "1 newer: it has ended for this one" in text
        await stage.press("tab", "tab", "enter")
        assert await stage.dismissed() == Acknowledgement(None)


async def test_without_a_log_the_exit_code_of_the_runner_is_the_cause(
    opened: OpenDialog, family: Family, now: datetime
) -> None:
    cause = FailureCause(137, (), "r")
    async with opened(AcknowledgeDialog(family(cause), {}, now, is_read=True)) as stage:
        assert "The log is empty: this means exit 137" in stage.screen_text()


async def test_each_cause_has_its_exit_code_in_a_column(
    opened: OpenDialog, family: Family, now: datetime
) -> None:
    long = int("9876543210" * 3 + "7")
    causes = (FULL, FailureCause(7, (), "r"), FailureCause(long, ("ERROR odd",), ""))
    families = [family(cause) for cause in causes]
    async with opened(CausesDialog(lambda: families, {}, lambda: now)) as stage:
        text = stage.screen_text()
        assert re.search(r"new +exit 4 +ERROR disk full", text)
        assert re.search(r"new +exit 7 +log not read or empty", text)
        assert re.search(r"new +exit …432107 +ERROR odd|new +exit …765432107 +ERROR odd", text)


async def test_in_40_columns_the_chosen_option_is_whole_and_others_are_told(
    opened: OpenDialog, family: Family, now: datetime
) -> None:
    async with opened(AcknowledgeDialog(family(), {}, now, is_read=True), size=(40, 14)) as stage:
        assert "● next success" in stage.screen_text()
        assert "○ 7 days ›" in stage.screen_text()
        await stage.press("up", "right", "right")
        await stage.sees("‹ ○ 7 days  ● for good")


async def test_the_highlight_stays_on_its_cause_while_others_come(
    opened: OpenDialog, family: Family, now: datetime
) -> None:
    families = [family(), family(FailureCause(5, ("ERROR refused",), ""))]
    dialog = CausesDialog(lambda: list(families), {}, lambda: now)
    async with opened(dialog) as stage:
        await stage.press("j")
        families.insert(0, family(FailureCause(6, ("ERROR new",), "")))
        dialog.update()
        await stage.sees("3 causes")
        await stage.press("a")
        assert await stage.dismissed() == CauseChoice(families[2].group.cause, acknowledge=True)


async def test_the_highlight_goes_with_its_run_when_the_log_tells_another_cause(
    opened: OpenDialog, family: Family, run: Run, now: datetime
) -> None:
    other = replace(run.record, id="other", status="failed", completed_at=now).run
    unread, read = FailureCause(4, (), "r"), FailureCause(4, ("ERROR refused",), "")
    families = [family(), CauseFamily(FailureGroup(unread, (other,)), None, 1)]
    dialog = CausesDialog(lambda: list(families), {}, lambda: now)
    async with opened(dialog) as stage:
        await stage.press("j")
        families[1] = CauseFamily(FailureGroup(read, (other,)), None, 1)
        dialog.update()
        await stage.sees("ERROR refused")
        await stage.press("enter")
        assert await stage.dismissed() == CauseChoice(read, acknowledge=False)


async def test_failures_are_counted_as_their_logs_are_read(
    opened: OpenDialog, family: Family, now: datetime
) -> None:
    one = family()
    (run,) = one.group.runs
    two = CauseFamily(FailureGroup(FULL, (run, replace(run, id="f0000000"))), None, 2)
    dialog = AcknowledgeDialog(one, {}, now, is_read=True, unread=12)
    async with opened(dialog) as stage:
        assert "1+ failures of" in stage.screen_text()
        assert "12 more logs of exit 4 not read yet" in stage.screen_text()
        dialog.update(two, 0)
        await stage.press("x")
        assert "2 failures of" in stage.screen_text()
        assert "not read" not in stage.screen_text()


async def test_a_low_window_has_the_buttons_in_one_row(
    opened: OpenDialog, family: Family, now: datetime
) -> None:
    async with opened(AcknowledgeDialog(family(), {}, now, is_read=True), (40, 10)) as stage:
        row = next(line for line in stage.screen_text().splitlines() if "Cancel" in line)
        assert "Acknowledge" in row


async def test_a_low_window_has_room_for_a_cause_and_says_its_keys(
    opened: OpenDialog, family: Family, now: datetime
) -> None:
    async with opened(CausesDialog(lambda: [family()], {}, lambda: now), (40, 10)) as stage:
        for words in (
            "ERROR disk full",
            "1 failure of",
            "Enter runs · a acknowledge · Esc",
        ):
            assert words in stage.screen_text()


async def test_wrapped_lines_of_a_cause_begin_below_its_text(
    opened: OpenDialog, family: Family, now: datetime
) -> None:
    long = family(FailureCause(4, ("ERROR no space " + "left on the device " * 8,), ""))
    async with opened(CausesDialog(lambda: [long], {}, lambda: now)) as stage:
        rows = stage.screen_text().splitlines()
        first = next(row for row in rows if "ERROR" in row)
        wrapped = [row for row in rows if "device" in row and row is not first]
        assert wrapped
        for row in wrapped:
            begin = re.search(r"\w", row)
            assert begin is not None
            assert begin.start() == first.index("new")
