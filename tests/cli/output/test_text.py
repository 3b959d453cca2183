"""Glyphs, prefixes, tables, exit codes and log lines on a terminal."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nodion_tui.cli.exit_guard import run_guarded
from nodion_tui.cli.output.id_prefixes import unique_prefixes
from nodion_tui.cli.output.status_cell import status_cell
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell, layout_table
from nodion_tui.cli.output.terminal_lines import TerminalLines
from nodion_tui.cli.output.terminal_text import terminal_json
from nodion_tui.cli.process.exit_codes import (
    describe_error,
    error_exit_code,
    print_error,
    run_exit_code,
)
from nodion_tui.model import errors
from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.monitor.log.patterns.pattern_book import PatternBook


@pytest.mark.parametrize(
    ("ascii_only", "status", "shown"),
    [
        (False, "succeeded", "✓ succeeded"),
        (True, "succeeded", "+ succeeded"),
        (True, "canceled", "/ canceled"),
        (True, "new-one", "? new-one"),
    ],
)
def test_a_status_has_the_sign_that_the_dashboard_shows(
    ascii_only: bool,  # noqa: FBT001 - a parameter of the test
    status: str,
    shown: str,
) -> None:
    assert status_cell(Output(ascii_only=ascii_only), status).text == shown


@given(st.sets(st.text("ab-", min_size=1, max_size=12), max_size=20))
def test_unique_starts_tell_ids_apart(ids: set[str]) -> None:
    starts = unique_prefixes(ids, min_length=2)
    for identifier, start in starts.items():
        assert identifier.startswith(start)
        others = [other for other in ids if other != identifier and other.startswith(start)]
        assert not others or identifier == start


def shown(rows: list[list[str]], width: int) -> list[str]:
    cells = [[TableCell(text) for text in row] for row in rows]
    headings = [f"H{n}" for n in range(len(rows[0]))]
    return list(layout_table(headings, cells, width, lambda text, _: text))


def test_a_table_fits_the_terminal_by_its_last_column() -> None:
    lines = shown([["a", "", "x" * 50], ["bbbb", "", "y"]], 30)
    assert lines == ["H0    H2", "a     " + "x" * 23 + "…", "bbbb  y"]


def test_wide_and_combining_characters_keep_the_columns_right() -> None:
    lines = shown([["日本", "end"], ["e\u0301", "end"]], 80)
    assert [cell_len(line[: line.index("end")]) for line in lines[1:]] == [6, 6]


@given(st.text(min_size=1), st.integers(20, 40))
def test_a_table_is_as_wide_as_the_dashboard_would_draw_it(text: str, width: int) -> None:
    (heading, *lines) = shown([[text, "x"], ["a", text * 9]], width)
    start = heading.index("H1")
    assert cell_len(lines[0]) == start + 1
    assert cell_len(lines[1]) <= max(width, start + 12)


def test_server_text_in_a_table_cannot_move_the_cursor() -> None:
    (_, line) = shown([["\x1b[2J\r\n\u202e", "x"]], 80)
    assert line.isprintable()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("plain", "plain"),
        ("\x1b[1;31mred\x1b[0m", "\x1b[1;31mred\x1b[0m"),
        ("\x1b[38;5;208;48;2;1;2;3mx", "\x1b[38;5;208;48;2;1;2;3mx\x1b[0m"),
        ("\x1b[m\x1b[5mx", "x"),
        ("\x1b[4:3mx\x1b[24;9my", "\x1b[4mx\x1b[0m\x1b[9my\x1b[0m"),
        ("\x1b[8mhidden", "␛[8mhidden"),
        ("\x1b[38;5;256mx", "␛[38;5;256mx"),
        ("\x1b[38;2;1;2mx", "␛[38;2;1;2mx"),
        ("\x1b[2J\x1b]0;t\x07", "␛[2J␛]0;t␇"),
        ("a\tb", "a       b"),
        ("\x1b[31m1234567\t8", "\x1b[31m1234567 8\x1b[0m"),
        (" 10%\r 50%\r100%\r\n", "100% ␍"),
        ("日本\tb", "日本    b"),
        ("a\u202eb\x9b31m", "a<U+202E>b<U+009B>31m"),
    ],
)
def test_a_line_keeps_its_colour_and_nothing_else(body: str, expected: str) -> None:
    assert TerminalLines(color=True).line(body) == expected


@given(
    st.text(st.characters(max_codepoint=0x2FFF) | st.sampled_from("\x1b[;m0123\r\t"), max_size=40)
)
def test_no_control_reaches_the_terminal(body: str) -> None:
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", TerminalLines(color=False).line(body))
    painted = TerminalLines(color=True).line(body)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", re.sub(r"\x1b\[[0-9;]+m", "", painted))


def test_json_on_a_terminal_is_the_same_value_without_hidden_characters() -> None:
    raw = '{"a":"x\u202e\x7f\U000e0001 ok ü"}'.encode()
    assert terminal_json(raw) == '{"a":"x\\u202e\\u007f\\udb40\\udc01 ok ü"}'.encode()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ConfigError("x"), 2),
        (errors.NoKey("x"), 4),
        (errors.ReadOnly("x"), 4),
        (errors.InputError("x"), 2),
        (errors.NotReachable("x"), 3),
        (errors.ConnectionLost("x"), 3),
        (errors.OutcomeUnknown("x"), 1),
        (errors.KeyRejected("x", status=401, endpoint="GET /"), 4),
        (errors.ScopeMissing("x", status=403, endpoint="GET /"), 4),
        (errors.ResourceNotFound("x", status=404, endpoint="GET /"), 1),
        (errors.ServerError("x", status=500, endpoint="GET /"), 1),
    ],
)
def test_exit_codes_of_errors(error: errors.NodionError, code: int) -> None:
    assert error_exit_code(error) == code


@pytest.mark.parametrize(
    ("status", "exit_code", "code"),
    [
        ("succeeded", 0, 0),
        ("succeeded", None, 0),
        ("failed", 3, 3),
        ("failed", None, 1),
        ("failed", 0, 1),
        ("failed", 256, 1),
        ("failed", -1, 255),
        ("canceled", None, 130),
        ("canceled", 137, 130),
    ],
)
def test_exit_codes_of_runs(status: str, exit_code: int | None, code: int) -> None:
    assert run_exit_code(status, exit_code) == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("wait a", 125),
        ("-p x wait", 125),
        ("logs a", 2),
        ("logs a -f", 125),
        ("logs a --nope -f", 125),
        ("logs a -tf", 125),
        ("logs a -p -f", 2),
        ("trigger a --nope --follow -- x", 125),
        ("trigger a --nope -- x -f --follow", 2),
        ("trigger -e -f --nope a", 2),
        ("runs a -f", 2),
        ("runs wait --nope", 2),
        ("--profile wait runs --nope", 2),
        ("--nope wait", 2),
    ],
)
def test_a_usage_mistake_has_the_code_of_the_command_that_would_run(
    line: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_guarded(line.split()) == code
    assert "See: nodion-tui" in capsys.readouterr().err


def test_an_error_is_one_sanitized_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_error(describe_error(errors.NotReachable("down\x1b[2J\u202e")))
    print_error(describe_error(errors.InputError("x", {"argv": ("odd\x07",), "env": ("more",)})))
    first, *fields = capsys.readouterr().err.splitlines()
    assert first.startswith("nodion-tui: Service unreachable: down␛[2J<U+202E>. Check")
    assert fields == ["nodion-tui: Invalid input: argv: odd␇", "nodion-tui: env: more"]


@pytest.mark.parametrize(
    ("variables", "colored"),
    [
        ({}, False),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"CLICOLOR_FORCE": "0"}, False),
        ({"CLICOLOR_FORCE": "1", "CLICOLOR": "0"}, True),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_can_be_forced_and_is_forbidden_by_no_color(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, colored: bool
) -> None:
    for name in ("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Output().use_color is colored


def test_a_pattern_lights_a_line_over_its_own_colours() -> None:
    looks = [
        LinePattern("oom", look=frozenset({"error", "bold"})),
        LinePattern("health", look=frozenset({"muted"})),
    ]
    patterns = PatternBook(looks).of("runner")
    lines = TerminalLines(color=True, patterns=patterns)
    assert lines.line("an OOM") == "\x1b[31;1man OOM\x1b[0m"
    assert lines.line("\x1b[32mo\x1b[0mom") == "\x1b[32;31;1mo\x1b[0m\x1b[31;1mom\x1b[0m"
    assert lines.line("GET /health") == "\x1b[2mGET /health\x1b[0m"
    assert lines.line("fine") == "fine"
    assert TerminalLines(color=False, patterns=patterns).line("an OOM") == "an OOM"
