from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from nodion_tui.model.trigger_draft import (
    ArgvStyle,
    CommandMode,
    EnvRow,
    TriggerDraft,
    changed_fields,
    draft_from_run,
    env_row_from,
    format_argv_text,
    parse_argv_text,
    row_problems,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ROWS = st.builds(
    EnvRow,
    st.sampled_from(["A", "B_2", "", " C ", "9", "é", "\n"]) | TEXT,
    TEXT,
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
DRAFTS = st.builds(
    TriggerDraft,
    mode=st.sampled_from(CommandMode),
    argv_text=TEXT,
    argv_style=st.sampled_from(ArgvStyle),
    command=TEXT,
    entrypoint=TEXT,
    env=st.lists(ROWS, max_size=4).map(tuple),
)


@given(st.lists(TEXT).map(tuple), st.sampled_from(ArgvStyle))
def test_written_tokens_are_read_back(tokens: tuple[str, ...], style: ArgvStyle) -> None:
    try:
        text = format_argv_text(tokens, style)
    except ValueError:
        assert style is ArgvStyle.LINES
        assert any("\n" in token for token in tokens)
    else:
        assert parse_argv_text(text, style) == tokens


@given(DRAFTS)
def test_a_draft_without_problems_is_a_request_without_problems(draft: TriggerDraft) -> None:
    if not draft.problems():
        assert draft.request().problems() == {}


@given(DRAFTS)
def test_a_request_with_problems_is_a_draft_with_problems(draft: TriggerDraft) -> None:
    try:
        problems = draft.request().problems()
    except ValueError:
        problems = {"argv": ()}
    assert set(problems) <= set(draft.problems())


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", ()), ("\n", ("",)), ("a\n", ("a",)), ("a\n\n", ("a", "")), ("a\r\tb", ("a\r\tb",))],
)
def test_one_token_a_line(text: str, tokens: tuple[str, ...]) -> None:
    assert parse_argv_text(text, ArgvStyle.LINES) == tokens


def test_only_the_chosen_mode_is_sent() -> None:
    draft = TriggerDraft(argv_text="ls", command="ls | wc")
    assert draft.request() == TriggerRequest()
    assert msgspec.structs.replace(draft, mode=CommandMode.ARGV).request() == TriggerRequest(
        argv=("ls",)
    )
    assert msgspec.structs.replace(draft, mode=CommandMode.COMMAND).request() == TriggerRequest(
        command="ls | wc"
    )


@pytest.mark.parametrize("mode", [CommandMode.ARGV, CommandMode.COMMAND])
def test_nothing_typed_is_no_override(mode: CommandMode) -> None:
    assert list(TriggerDraft(mode=mode).problems()) == [str(mode)]


def test_an_open_quote_is_a_problem_of_argv_beside_the_others() -> None:
    draft = TriggerDraft(mode=CommandMode.ARGV, argv_text="'", env=(EnvRow("9", "x"),))
    assert set(draft.problems()) == {"argv", "env_variables"}


def test_rows_that_are_off_or_blank_are_not_sent_and_have_no_problems() -> None:
    rows = (EnvRow(), EnvRow("9", "x", enabled=False), EnvRow(" A ", ""))
    assert row_problems(rows) == {}
    assert TriggerDraft(env=rows).request().env_variables == (EnvVariable("A", ""),)


def test_a_value_that_was_not_stored_must_be_entered() -> None:
    row = EnvRow("A", hidden=True, needs_value=True)
    assert "not stored" in row_problems((row,))[0]
    assert row_problems((msgspec.structs.replace(row, needs_value=False),)) == {}


def test_rows_of_variables_hide_secrets() -> None:
    assert env_row_from(EnvVariable("A_TOKEN", "x")).hidden
    assert not env_row_from(EnvVariable("A", "x")).hidden


def _run(**fields: object) -> Run:
    whole = {"id": "r", "status": "failed", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    return msgspec.convert(whole | fields, RunRecord).run


def test_a_form_is_filled_from_a_run() -> None:
    assert draft_from_run(_run()).request() == TriggerRequest()
    assert draft_from_run(_run(argv=["a", "b c"])).request() == TriggerRequest(argv=("a", "b c"))
    assert draft_from_run(_run(command="")).request() == TriggerRequest(command="")
    assert draft_from_run(_run(entrypoint="")).request() == TriggerRequest(entrypoint="")
    filled = draft_from_run(_run(command="a|b", entrypoint="/e"), (EnvRow("A", "1"),))
    assert filled.request() == TriggerRequest(
        command="a|b", entrypoint="/e", env_variables=(EnvVariable("A", "1"),)
    )


def test_what_changed_is_what_would_be_sent_differently() -> None:
    start = draft_from_run(_run(argv=["a", "b"]), (EnvRow("A", "1"), EnvRow("B", "2")))
    same = msgspec.structs.replace(start, argv_text=" a 'b'", command="typed", env=start.env[::-1])
    assert changed_fields(start, same) == frozenset()
    off = msgspec.structs.replace(start.env[0], enabled=False)
    other = msgspec.structs.replace(start, mode=CommandMode.DEFAULT, entrypoint="e", env=(off,))
    assert changed_fields(start, other) == {"mode", "entrypoint", "env"}
    unread = msgspec.structs.replace(start, argv_text="'")
    assert changed_fields(start, unread) == {"argv"}
    command = draft_from_run(_run(command="ls"))
    assert changed_fields(command, msgspec.structs.replace(command, command="l")) == {"command"}
    assert changed_fields(unread, unread) == frozenset()
