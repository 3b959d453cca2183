import re

import msgspec
import pytest

from nodion_tui.model.run import Run
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from nodion_tui.model.trigger_draft import ArgvStyle, CommandMode, EnvRow, TriggerDraft
from nodion_tui.ui.dialogs.controls import RadioRow
from nodion_tui.ui.dialogs.text_fields import MultilineField
from nodion_tui.ui.trigger.argv_tokens import ArgvTokens
from nodion_tui.ui.trigger.form import TriggerForm
from nodion_tui.ui.trigger.form_text import key_hints
from nodion_tui.ui.trigger.preview import RequestPreview
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
    verdict,
)


async def test_at_first_it_is_the_runner_default(opened: OpenDialog, make: Make) -> None:
    async with opened(make()) as stage:
        assert stage.text("#trigger-default") == "command: (default) sh -c python backup.py"
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest()


async def test_it_is_made_of_few_widgets(opened: OpenDialog, make: Make) -> None:
    async with opened(make()) as stage:
        form = stage.app.screen.query_one(TriggerForm)
        hidden = [
            *form.query("#trigger-field-argv, #trigger-field-argv *, #trigger-field-command *")
        ]
        assert len(stage.app.screen.query("*")) - len(hidden) <= 26, "each costs a millisecond"


async def test_modes_are_chosen_by_arrows_and_f2_and_keep_what_was_typed(
    opened: OpenDialog, make: Make
) -> None:
    async with opened(make()) as stage:
        await stage.press("right", "tab", *"ls")
        await stage.press("f2", *"a|b", "f2")
        assert stage.app.screen.query_one("#trigger-mode", RadioRow).value == CommandMode.DEFAULT
        await stage.press("f2")
        assert stage.app.screen.query_one("#trigger-argv", MultilineField).text == "ls"
        await stage.press("f2", "ctrl+j")
        assert await stage.dismissed() == TriggerRequest(command="a|b")


async def test_the_key_for_variables_goes_to_adding_one_and_keeps_what_was_typed(
    opened: OpenDialog, make: Make
) -> None:
    async with opened(make()) as stage:
        await stage.press("f2", *"ls", "f7", "enter", *"A", "enter", *"1", "ctrl+j")
        sent = await stage.dismissed()
        assert sent == TriggerRequest(argv=("ls",), env_variables=(EnvVariable("A", "1"),))


async def test_argv_is_typed_quoted_and_its_tokens_are_shown(
    opened: OpenDialog, make: Make
) -> None:
    async with opened(make()) as stage:
        await stage.press("right", "tab", *"echo 'a b' \"\" c\\ d")
        assert stage.app.screen.query_one(ArgvTokens).tokens == ("echo", "a b", "", "c d")
        assert "1 echo  2 a b  3 empty  4 c d" in stage.screen_text()
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest(argv=("echo", "a b", "", "c d"))


async def test_argv_is_typed_one_token_a_line(opened: OpenDialog, make: Make) -> None:
    draft = TriggerDraft(mode=CommandMode.ARGV, argv_style=ArgvStyle.LINES)
    async with opened(make(draft)) as stage:
        await stage.press(*"say", "enter", *"it's $5", "ctrl+j")
        assert await stage.dismissed() == TriggerRequest(argv=("say", "it's $5"))


async def test_the_way_of_typing_argv_can_be_changed(opened: OpenDialog, make: Make) -> None:
    draft = TriggerDraft(mode=CommandMode.ARGV, argv_text="say 'two words' ''")
    async with opened(make(draft)) as stage:
        field = stage.app.screen.query_one("#trigger-argv", MultilineField)
        await stage.press("tab", "right")
        assert field.text == "say\ntwo words\n\n"
        await stage.press("left")
        assert field.text == "say 'two words' ''"


async def test_a_line_break_in_a_token_keeps_it_quoted(opened: OpenDialog, make: Make) -> None:
    draft = TriggerDraft(mode=CommandMode.ARGV, argv_text="say 'a\nb'")
    async with opened(make(draft)) as stage:
        await stage.press("tab", "right")
        assert stage.app.screen.query_one("#trigger-style", RadioRow).value == ArgvStyle.QUOTED
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest(argv=("say", "a\nb"))


async def test_enter_never_triggers(opened: OpenDialog, make: Make) -> None:
    async with opened(make(ARGV)) as stage:
        for _ in range(12):
            await stage.press("enter", "tab")
            focused = stage.app.screen.focused
            assert focused is not None
            if focused.id in {"trigger-submit", "trigger-leave"}:
                break
        assert stage.is_open


@pytest.mark.parametrize("key", ["ctrl+j", "ctrl+enter", "alt+enter"])
async def test_it_is_triggered_from_any_field(opened: OpenDialog, make: Make, key: str) -> None:
    async with opened(make(ARGV)) as stage:
        await stage.press("tab", "tab", key)
        assert await stage.dismissed() == TriggerRequest(argv=("python", "migrate.py"))


async def test_the_button_triggers(opened: OpenDialog, make: Make) -> None:
    async with opened(make(ARGV)) as stage:
        await stage.pilot.click("#trigger-submit")
        assert await stage.dismissed() == TriggerRequest(argv=("python", "migrate.py"))


async def test_an_open_quote_is_told_at_the_field_and_keeps_trigger_off(
    opened: OpenDialog, make: Make
) -> None:
    async with opened(make(ARGV)) as stage:
        await stage.press(*" 'open")
        assert "unclosed quote" in notes(stage, "argv")
        assert not can_trigger(stage)
        await stage.press("ctrl+j")
        assert stage.is_open
        await stage.press("'")
        assert can_trigger(stage)


@pytest.mark.parametrize(
    ("draft", "field", "count"),
    [
        (TriggerDraft(mode=CommandMode.ARGV, argv_text="a " * 201), "argv", "201/200 args"),
        (TriggerDraft(mode=CommandMode.ARGV, argv_text="a" * 8001), "argv", "8,001/8,000 chars"),
        (
            TriggerDraft(mode=CommandMode.COMMAND, command="a" * 4001),
            "command",
            "4,001/4,000 chars",
        ),
        (TriggerDraft(entrypoint="a" * 501), "entrypoint", "501/500 chars"),
    ],
)
async def test_a_broken_limit_is_told_at_its_field(
    opened: OpenDialog, make: Make, draft: TriggerDraft, field: str, count: str
) -> None:
    async with opened(make(draft)) as stage:
        assert count in counter(stage, field)
        assert "limit" in notes(stage, field)
        assert not can_trigger(stage)
        await stage.press("ctrl+j")
        assert stage.is_open
        assert stage.app.screen.query_one(f"#trigger-{field}").has_focus


async def test_argv_hints_at_what_no_shell_will_see(opened: OpenDialog, make: Make) -> None:
    draft = TriggerDraft(mode=CommandMode.ARGV, argv_text="echo '$X' '&&' ls")
    async with opened(make(draft)) as stage:
        assert "$X &&: passed literally" in notes(stage, "argv")
        assert can_trigger(stage)


async def test_leaving_asks_where_something_was_typed(opened: OpenDialog, make: Make) -> None:
    async with opened(make(ARGV)) as stage:
        await stage.press("x", "escape")
        assert stage.is_open
        assert "Esc again" in verdict(stage)
        await stage.press("y")
        assert "Esc again" not in verdict(stage)
        await stage.press("escape", "escape")
        assert await stage.dismissed() is None


async def test_leaving_an_untouched_form_is_one_key(opened: OpenDialog, make: Make) -> None:
    async with opened(make(ARGV)) as stage:
        await stage.press("escape")
        assert await stage.dismissed() is None


async def test_the_key_that_triggers_never_overtakes_what_was_typed(
    opened: OpenDialog, make: Make
) -> None:
    draft = TriggerDraft(mode=CommandMode.ARGV, env=(EnvRow("A", "1"), EnvRow("B", "2")))
    async with opened(make(draft)) as stage:
        stage.burst(*"ls", "ctrl+j")
        assert await stage.dismissed() == TriggerRequest(
            argv=("ls",), env_variables=(EnvVariable("A", "1"), EnvVariable("B", "2"))
        )
    async with opened(make(draft)) as stage:
        await stage.press(*"ls")
        env_rows(stage)[0].focus()
        await stage.pilot.pause()
        stage.burst("f8", "ctrl+j")
        assert await stage.dismissed() == TriggerRequest(
            argv=("ls",), env_variables=(EnvVariable("B", "2"),)
        )


async def test_what_the_service_refused_stands_at_its_field(opened: OpenDialog, make: Make) -> None:
    draft = msgspec.structs.replace(ARGV, env=(EnvRow("", ""), EnvRow("A", "1")))
    errors = {
        "argv": ("is not allowed here",),
        "env_variables.0.env_key": ("is reserved",),
        "base": ("the runner is disabled",),
    }
    async with opened(make(draft, field_errors=errors, error_message="Bad things")) as stage:
        assert "is not allowed here" in notes(stage, "argv")
        assert "is reserved" in env_problems(stage)[1]
        assert "base: the runner is disabled" in stage.text("#trigger-refused")
        assert "Bad things" in stage.text("#trigger-refused")
        assert stage.app.screen.query_one("#trigger-argv").has_focus
        await stage.press("x")
        await stage.until(lambda: "is not allowed here" not in notes(stage, "argv"))
        assert "is reserved" in env_problems(stage)[1]
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest(
            argv=("python", "migrate.pyx"), env_variables=(EnvVariable("A", "1"),)
        )


async def test_a_refused_form_opens_again_as_it_was(opened: OpenDialog, make: Make) -> None:
    first = make()
    async with opened(first) as stage:
        await stage.press("right", "tab", *"ls -l", "f2", *"other", "f2", "f2", "ctrl+j")
        assert await stage.dismissed() == TriggerRequest(argv=("ls", "-l"))
    async with opened(make(first.draft, field_errors={"argv": ("no",)})) as stage:
        assert stage.app.screen.query_one("#trigger-command", MultilineField).text == "other"
        assert stage.app.screen.query_one("#trigger-argv", MultilineField).text == "ls -l"


async def test_a_re_run_is_filled_from_the_run_and_marks_changes(
    opened: OpenDialog, make: Make, run: Run
) -> None:
    async with opened(make(rerun_of=run)) as stage:
        assert "does not return" in notes(stage, "env")
        assert label(stage, "argv") == "argv"
        assert "changed" not in stage.text("#trigger-head")
        await stage.press(*" -v")
        assert label(stage, "argv") == "argv*"
        assert "* changed" in stage.text("#trigger-head")
        assert label(stage, "entrypoint") == "Entrypoint"
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest(argv=(*run.argv, "-v"))


async def test_a_read_only_profile_triggers_nothing(opened: OpenDialog, make: Make) -> None:
    reason = "This session is read-only: the configuration says so."
    async with opened(make(ARGV, disabled_reason=reason)) as stage:
        assert verdict(stage) == reason
        assert not can_trigger(stage)
        await stage.press("ctrl+j")
        assert stage.is_open


async def test_the_preview_is_the_json_with_hidden_values_masked(
    opened: OpenDialog, make: Make
) -> None:
    draft = msgspec.structs.replace(ARGV, env=(EnvRow("DB_PASSWORD", "canary", hidden=True),))
    async with opened(make(draft), (120, 40)) as stage:
        text = stage.text(".preview--text")
        assert '"argv": [' in text
        assert '"env_val": "••••••••"' in text
        await stage.press("f3")
        assert "$NODION_API_KEY" in stage.text(".preview--text")
        assert "canary" not in stage.screen_text()


async def test_what_is_typed_stays_in_sight_in_a_window_of_ten_rows(
    opened: OpenDialog, make: Make
) -> None:
    async with opened(make(), (40, 10)) as stage:
        await stage.press("f2", *"python -m a.module --with many words")
        await stage.sees("▌ words")
        await stage.press("f2", *"ls")
        await stage.sees("▌ ls")


async def test_a_window_of_forty_columns_cuts_no_text_of_the_form(
    opened: OpenDialog, make: Make
) -> None:
    async with opened(make(), (40, 36)) as stage:
        await stage.press("f2", "f9")
        await stage.sees("at a time")
        text = stage.screen_text()
        assert "0/200 args · 0/8,000 chars" in text
        assert "▌ any" in text
        assert "or paste .env" in text


@pytest.mark.parametrize("columns", [80, 84, 88, 120])
async def test_a_key_hint_of_the_form_is_whole_or_left_out(
    opened: OpenDialog, make: Make, columns: int
) -> None:
    async with opened(make(), size=(columns, 24)) as stage:
        foot = stage.screen_text().splitlines()[-2]
        hints = re.split(r"\s{2,}", foot.strip("│ ").partition("Cancel")[0].strip())
        assert hints == key_hints({})[: len(hints)]


async def test_an_empty_field_is_no_mistake_but_cannot_be_sent(
    opened: OpenDialog, make: Make
) -> None:
    async with opened(make()) as stage:
        await stage.press("f2")
        assert notes(stage, "argv") == ""
        assert verdict(stage) == "argv is empty"
        assert not can_trigger(stage)
        await stage.press("'")
        assert "unclosed quote" in notes(stage, "argv")


@pytest.mark.parametrize("size", [(80, 24), (40, 20)])
async def test_f3_goes_to_the_preview_and_then_turns_it(
    opened: OpenDialog, make: Make, size: tuple[int, int]
) -> None:
    rows = tuple(EnvRow(f"A{number}", "x") for number in range(8))
    async with opened(make(msgspec.structs.replace(ARGV, env=rows)), size) as stage:
        assert '"argv": [' not in stage.screen_text()
        await stage.press("f3")
        assert '"argv": [' in stage.screen_text()
        await stage.press("f3")
        assert "curl --fail-with-body" in stage.screen_text()


async def test_copying_as_curl_leaves_key_and_secrets_out(opened: OpenDialog, make: Make) -> None:
    draft = msgspec.structs.replace(ARGV, env=(EnvRow("DB_PASSWORD", "canary", hidden=True),))
    async with opened(make(draft)) as stage:
        await stage.press("f4")
        copied = stage.app.clipboard
        assert "$NODION_API_KEY" in copied
        assert '"$DB_PASSWORD"' in copied
        assert "canary" not in copied
        assert copied == stage.app.screen.query_one(RequestPreview).curl()


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 20)])
async def test_it_can_be_filled_in_by_the_keyboard_alone(
    opened: OpenDialog, make: Make, size: tuple[int, int]
) -> None:
    async with opened(make(), size) as stage:
        await stage.press("right", "tab", *"ls", "tab", "tab", *"/bin/env", "enter", "enter")
        await stage.press(*"A", "enter", *"1")
        focused = stage.app.screen.focused
        assert focused is not None
        assert stage.is_seen(focused)
        for button in ("#trigger-submit", "#trigger-leave"):
            assert stage.is_seen(stage.app.screen.query_one(button))
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest(
            argv=("ls",), entrypoint="/bin/env", env_variables=(EnvVariable("A", "1"),)
        )


async def test_keys_that_are_rebound_are_named_and_work(opened: OpenDialog, make: Make) -> None:
    async with opened(make(ARGV)) as stage:
        assert "Esc cancel  F2 argv/shell  F3 preview  F9 many  F4 curl" in stage.screen_text()
        assert "Trigger  ctrl+j" in stage.screen_text()
    keymap = {"form.submit": "f9", "form.mode": "ctrl+t"}
    async with opened(make(ARGV), keymap=keymap) as stage:
        assert "Esc cancel  ctrl+t argv/shell  F3 preview" in stage.screen_text()
        assert "Trigger  F9" in stage.screen_text()
        await stage.press("ctrl+t", "ctrl+t")
        await stage.press("f9")
        assert await stage.dismissed() == TriggerRequest()


async def test_a_long_answer_of_the_service_leaves_room_for_the_form(
    opened: OpenDialog, make: Make
) -> None:
    errors = {"argv": ("no " * 3000,), "base": ("never " * 3000,)}
    async with opened(make(ARGV, field_errors=errors, error_message="x" * 9000), (80, 24)) as stage:
        field = stage.app.screen.query_one("#trigger-argv")
        assert stage.is_seen(field)
        assert stage.is_seen(stage.app.screen.query_one("#trigger-submit"))


async def test_text_that_a_terminal_would_obey_is_shown_and_kept(
    opened: OpenDialog, make: Make, run: Run
) -> None:
    argv = ("a\x1b[2J", "b\rc\u2028d", "[/nope]", "\u202ee")
    async with opened(make(rerun_of=msgspec.structs.replace(run, argv=argv))) as stage:
        text = stage.screen_text()
        assert not set("\x1b\r\u2028\u202e") & set(text)
        assert "a␛[2J" in text
        await stage.press("ctrl+j")
        assert await stage.dismissed() == TriggerRequest(argv=argv)
