from typing import Any

import msgspec
import pytest

from nodion_tui.model.run import Run
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from nodion_tui.model.trigger_draft import EnvRow, TriggerDraft
from nodion_tui.ui.trigger import env_editor
from nodion_tui.ui.trigger.env_row import EnvRowEditor, KeyField, ValueField
from nodion_tui.ui.trigger.form import TriggerForm
from tests.support.dialogs import OpenDialog
from tests.support.trigger_form import (
    ARGV,
    Make,
    can_trigger,
    counter,
    env_problems,
    env_rows,
    label,
    notes,
)


async def test_rows_of_the_environment_are_typed(opened: OpenDialog, make: Make) -> None:
    async with opened(make()) as stage:
        await stage.pilot.click(".env--new")
        await stage.press(*"MODE", "enter", *"two words", "enter", *"N", "enter", *"1")
        assert "3 variables" not in counter(stage, "env")
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest(
            env_variables=(EnvVariable("MODE", "two words"), EnvVariable("N", "1"))
        )


async def test_a_pasted_env_block_becomes_rows(opened: OpenDialog, make: Make) -> None:
    async with opened(make()) as stage:
        await stage.pilot.click(".env--new")
        await stage.paste("# mine\nexport A=\"x\\ny\"\r\nDB_PASSWORD='p#q'\nC = 3 # three\n")
        rows = [line.row for line in stage.app.screen.query(EnvRowEditor)]
        assert rows == [
            EnvRow("A", "x\ny"),
            EnvRow("DB_PASSWORD", "p#q", hidden=True),
            EnvRow("C", "3"),
        ]


async def test_a_row_that_is_off_stays_and_is_not_sent(opened: OpenDialog, make: Make) -> None:
    draft = TriggerDraft(env=(EnvRow("A", "1", enabled=False), EnvRow("B", "2")))
    dialog = make(draft)
    async with opened(dialog) as stage:
        assert counter(stage, "env") == "1 variable · 1 off"
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest(env_variables=(EnvVariable("B", "2"),))
        assert dialog.draft == draft


async def test_secret_looking_values_are_masked_until_told(opened: OpenDialog, make: Make) -> None:
    dialog = make(TriggerDraft(env=(EnvRow(),)))
    async with opened(dialog) as stage:
        await stage.pilot.click(EnvRowEditor, offset=(10, 0))
        await stage.press(*"API_TOKEN", "enter", *"canary")
        assert "canary" not in stage.screen_text()
        assert dialog.hidden_keys == {"API_TOKEN"}
        await stage.pilot.click(".env--hide")
        assert "canary" in stage.screen_text()
        assert dialog.hidden_keys == frozenset()


async def test_rows_tell_what_is_wrong_with_them(opened: OpenDialog, make: Make) -> None:
    rows = (EnvRow("9A", "x"), EnvRow("B", "1"), EnvRow("B", "2"), EnvRow("", "v"))
    async with opened(make(TriggerDraft(env=rows))) as stage:
        bad = env_problems(stage)
        assert "not starting with a digit" in bad[0]
        assert bad[1] == ""
        assert "duplicate name" in bad[2]
        assert "name is empty" in bad[3]
        assert not can_trigger(stage)


async def test_a_row_is_removed(opened: OpenDialog, make: Make) -> None:
    draft = TriggerDraft(env=(EnvRow("A", "1"), EnvRow("B", "2")))
    async with opened(make(draft)) as stage:
        first = env_rows(stage)[0]
        await stage.pilot.click(first, offset=(first.size.width - 2, 0))
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest(env_variables=(EnvVariable("B", "2"),))


async def test_a_re_run_knows_the_environment_of_what_was_triggered_from_here(
    opened: OpenDialog, make: Make, run: Run
) -> None:
    known = (EnvRow("A", "1"), EnvRow("DB_PASSWORD", hidden=True, needs_value=True))
    async with opened(make(rerun_of=run, known_env=known)) as stage:
        assert notes(stage, "env") == ""
        assert "not stored" in env_problems(stage)[1]
        await stage.press("ctrl+j")
        assert stage.is_open
        await stage.press(*"new", "ctrl+j")
        result = await stage.dismissed()
        assert isinstance(result, TriggerRequest)
        assert result.env_variables[1] == EnvVariable("DB_PASSWORD", "new")


async def test_rows_that_differ_from_the_run_are_marked(
    opened: OpenDialog, make: Make, run: Run
) -> None:
    known = (EnvRow("SAME", "1"), EnvRow("EDITED", "1"), EnvRow("OFF", "1"), EnvRow("GONE", "1"))
    async with opened(make(rerun_of=run, known_env=known)) as stage:
        lines = env_rows(stage)
        assert [line.is_changed for line in lines] == [False] * 4
        await stage.press("down", "2", "tab", "f5", "down", "f8")
        assert [line.is_changed for line in lines[:3]] == [False, True, True]
        assert "[x] *" in stage.screen_text()
        assert counter(stage, "env") == "2 variables · 1 off · removed: GONE"
        assert label(stage, "env") == "Environment*"


async def test_an_asked_value_may_be_left_empty_by_enter(opened: OpenDialog, make: Make) -> None:
    draft = TriggerDraft(env=(EnvRow("A_TOKEN", hidden=True, needs_value=True),))
    async with opened(make(draft)) as stage:
        await stage.press("ctrl+j", "enter", "ctrl+j")
        assert await stage.dismissed() == TriggerRequest(
            env_variables=(EnvVariable("A_TOKEN", ""),)
        )


async def test_a_row_is_one_stop_of_tab_and_of_the_arrows(opened: OpenDialog, make: Make) -> None:
    rows = tuple(EnvRow(name, "x") for name in "ABC")
    async with opened(make(msgspec.structs.replace(ARGV, env=rows))) as stage:

        def focused_row() -> str:
            focused = stage.app.screen.focused
            assert focused is not None
            return next((each.row.key for each in env_rows(stage) if focused in each.children), "")

        stage.app.screen.query_one("#trigger-entrypoint").focus()
        stops = []
        for key in ("tab", "tab", "tab", "tab", "shift+tab", "up", "up", "down", "up", "up"):
            await stage.press(key)
            stops.append(focused_row())
        assert stops == ["A", "B", "C", "", "C", "B", "A", "B", "A", ""]
        await stage.press("tab", "left", "left", "home", "X", "right", "right", "right", "y")
        assert env_rows(stage)[0].row == EnvRow("XA", "xy")


async def test_a_row_that_is_not_used_costs_one_widget(opened: OpenDialog, make: Make) -> None:
    widgets = []
    for number in (0, 8):
        rows = tuple(EnvRow(f"A{index}", "x") for index in range(number))
        async with opened(make(TriggerDraft(env=rows))) as stage:
            await stage.until(lambda: stage.app.screen.query("#trigger-command"))
            widgets.append(len(stage.app.screen.query("*")))
    assert widgets[1] <= widgets[0] + 8 + 1, "a row each, and the counter"


async def test_a_row_is_used_by_the_mouse_before_and_after_it_has_fields(
    opened: OpenDialog, make: Make
) -> None:
    async with opened(make(TriggerDraft(env=(EnvRow("A", "1"),)))) as stage:
        (row,) = env_rows(stage)
        for _ in range(2):
            before = row.row
            await stage.pilot.click(row, offset=(1, 0))
            await stage.pilot.click(row, offset=(row.size.width - 8, 0))
            changed = msgspec.structs.replace(
                before, enabled=not before.enabled, hidden=not before.hidden
            )
            assert row.row == changed
            await stage.pilot.click(row, offset=(40, 0))
            assert isinstance(stage.app.screen.focused, ValueField)
        await stage.pilot.click(row, offset=(10, 0))
        assert isinstance(stage.app.screen.focused, KeyField)


@pytest.mark.parametrize("where", ["#trigger-mode", "#trigger-submit", ".env--new"])
async def test_a_block_pasted_outside_of_a_field_goes_to_the_environment(
    opened: OpenDialog, make: Make, where: str
) -> None:
    async with opened(make()) as stage:
        stage.app.screen.query_one(where).focus()
        await stage.pilot.pause()
        await stage.paste("A=1\nB=2\n")
        await stage.until(lambda: len(env_rows(stage)) == 2)
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest(
            env_variables=(EnvVariable("A", "1"), EnvVariable("B", "2"))
        )


@pytest.mark.parametrize(
    ("answer", "request_"),
    [
        (
            "e",
            TriggerRequest(argv=("python", "migrate.py"), env_variables=(EnvVariable("A", "1"),)),
        ),
        ("a", TriggerRequest(argv=("python", "migrate.pyA=1"))),
        ("escape", TriggerRequest(argv=("python", "migrate.py"))),
    ],
)
async def test_a_block_pasted_into_argv_is_asked_about(
    opened: OpenDialog, make: Make, answer: str, request_: TriggerRequest
) -> None:
    form = make(ARGV)
    async with opened(form) as stage:
        await stage.paste("A=1")
        await stage.sees("Add 1 variable to the environment")
        await stage.press(answer)
        await stage.until(lambda: stage.app.screen is form)
        await stage.until(
            lambda: form.draft.problems() == {} and len(env_rows(stage)) == (answer == "e")
        )
        await stage.press("ctrl+j")
        assert await stage.dismissed() == request_


async def test_what_no_field_takes_is_not_pasted_and_said(opened: OpenDialog, make: Make) -> None:
    dialog = make(msgspec.structs.replace(ARGV, env=(EnvRow("A", "1"),)))
    async with opened(dialog) as stage:
        before = dialog.draft
        await stage.paste("x" * 70_000)
        stage.app.screen.query_one("#trigger-entrypoint").focus()
        await stage.paste("x" * 70_000)
        assert dialog.draft == before
        assert [toast.title for toast in stage.app._notifications] == ["Not pasted"] * 2


async def test_a_long_block_is_looked_at_as_a_whole_and_cut(
    opened: OpenDialog, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(env_editor, "MAX_ROWS", 20)
    looks: list[TriggerDraft] = []
    tell = TriggerForm.show_notes

    def count(form: TriggerForm, draft: TriggerDraft, refused: Any) -> None:
        looks.append(draft)
        tell(form, draft, refused)

    monkeypatch.setattr(TriggerForm, "show_notes", count)
    dialog = make()
    async with opened(dialog) as stage:
        await stage.pilot.click(".env--new")
        looks.clear()
        await stage.paste("\n".join(f"A{number}=x" for number in range(30)) + "\nwhat")
        await stage.sees("pasted line 31: expected NAME=value")
        assert "only the first 20 of 30 variables" in stage.screen_text()
        assert len(dialog.draft.env) == 20
        # Each of the 20 rows posts changes of its key and of its value.
        assert len(looks) < 10


async def test_hidden_values_are_not_copied(opened: OpenDialog, make: Make) -> None:
    rows = (EnvRow("A_TOKEN", "canary", hidden=True), EnvRow("B", "seen"))
    async with opened(make(TriggerDraft(env=rows))) as stage:
        for line in stage.app.screen.query(EnvRowEditor):
            line.focus_field(on_value=True)
            await stage.press("home", "shift+end", "ctrl+c")
        assert stage.app.clipboard == "seen"
        stage.app.screen.query(EnvRowEditor).first().focus_field(on_value=True)
        await stage.press("home", "shift+end", "ctrl+x")
        assert stage.app.clipboard == "seen"


async def test_a_value_may_hold_line_breaks(opened: OpenDialog, make: Make) -> None:
    async with opened(make(TriggerDraft(env=(EnvRow("PEM", ""),)))) as stage:
        env_rows(stage)[0].focus()
        await stage.pilot.pause()
        await stage.paste("one\r\ntwo\rthree")
        await stage.press("ctrl+n")
        assert "one␊two␊three␊" in stage.screen_text()
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest(
            env_variables=(EnvVariable("PEM", "one\ntwo\nthree\n"),)
        )
