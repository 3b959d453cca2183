import shlex

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.trigger import (
    MAX_ARGV_CHARACTERS,
    MAX_ARGV_ELEMENTS,
    MAX_COMMAND_CHARACTERS,
    MAX_ENTRYPOINT_CHARACTERS,
    EnvVariable,
    TriggerRequest,
    format_argv,
    parse_argv,
    shell_syntax_tokens,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(TEXT).map(tuple))
def test_quoting_for_display_and_parsing_back_is_the_identity(argv: tuple[str, ...]) -> None:
    assert parse_argv(format_argv(argv)) == argv


@pytest.mark.parametrize(
    ("typed", "argv"),
    [
        ("", ()),
        ("  ", ()),
        ("''", ("",)),
        ("a  b\nc\td", ("a", "b", "c", "d")),
        ("'$HOME' \"$HOME\" $HOME", ("$HOME", "$HOME", "$HOME")),
        ("a\\ b 'c d'e", ("a b", "c de")),
        ("# no comment", ("#", "no", "comment")),
        ("a \\\n  --b 'c\\\nd' \"e\\\nf\" g\\\nh", ("a", "--b", "c\\\nd", "ef", "gh")),
        ('"\\$HOME \\` \\" \\\\ \\n"', ('$HOME ` " \\ \\n',)),
        ("\\$'a' 'b$''c' \"$'\"", ("$a", "b$c", "$'")),
    ],
)
def test_typed_text_means_what_a_shell_would_make_of_it(typed: str, argv: tuple[str, ...]) -> None:
    assert parse_argv(typed) == argv


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("'open", "unclosed quote at column 1$"),
        ("echo 'it' \"is 'open", "unclosed quote at column 11$"),
        ("echo\nit's open", "unclosed quote at line 2, column 3$"),
        ("end\\", "escapes nothing"),
        ("echo $'a\\tb'", "not supported"),
        ('echo $"a"', "not supported"),
    ],
)
def test_what_cannot_be_read_is_told(typed: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_argv(typed)


@pytest.mark.parametrize(
    "token",
    [
        "$X",
        "${X}",
        "$(x)",
        "a$X",
        "`x`",
        "&&",
        "||",
        "|",
        "|&",
        ";",
        "x;",
        "&",
        ">",
        ">>",
        "2>",
        "2>&1",
        ">out.log",
        "&>x",
        "<",
        "<<EOF",
    ],
)
def test_shell_syntax_is_noticed(token: str) -> None:
    assert shell_syntax_tokens(("echo", token)) == (token,)


@pytest.mark.parametrize(
    "token", ["a", "$", "5$", "a&b", "x|y", "a>b", "me@example.org>", "->", "", "--a=b;c", "*.py"]
)
def test_plain_tokens_are_not(token: str) -> None:
    assert shell_syntax_tokens(("echo", token)) == ()


@pytest.mark.parametrize("shell", ["sh", "/bin/sh", "bash", "/usr/bin/zsh", "dash"])
def test_a_script_of_a_shell_that_argv_names_will_be_seen_by_it(shell: str) -> None:
    assert shell_syntax_tokens((shell, "-c", "echo $X && ls")) == ()
    assert shell_syntax_tokens((shell, "-ec", "echo $X", "&&")) == ("&&",)
    assert shell_syntax_tokens((shell, "run.sh", "$X")) == ("$X",)
    assert shell_syntax_tokens(("fish.sh.txt", "-c", "$X")) == ("$X",)


def test_what_is_not_set_is_not_sent() -> None:
    assert msgspec.json.encode(TriggerRequest()) == b"{}"
    assert msgspec.json.decode(
        msgspec.json.encode(TriggerRequest(argv=("a", ""), env_variables=(EnvVariable("A", ""),)))
    ) == {"argv": ["a", ""], "env_variables": [{"env_key": "A", "env_val": ""}]}


def test_at_its_limits_a_request_can_be_sent() -> None:
    elements = ("a" * (MAX_ARGV_CHARACTERS // MAX_ARGV_ELEMENTS),) * MAX_ARGV_ELEMENTS
    assert (
        TriggerRequest(argv=elements, entrypoint="e" * MAX_ENTRYPOINT_CHARACTERS).problems() == {}
    )
    assert TriggerRequest(command="c" * MAX_COMMAND_CHARACTERS).problems() == {}


@pytest.mark.parametrize(
    ("request_", "field", "words"),
    [
        (TriggerRequest(argv=("a",) * 201), "argv", "201 elements, limit 200"),
        (TriggerRequest(argv=("é" * 8001,)), "argv", "8,001 characters in total, limit 8,000"),
        (TriggerRequest(argv=("a\0",)), "argv", "NUL"),
        (TriggerRequest(argv=("a",), command="b"), "argv", "mutually exclusive"),
        (TriggerRequest(command="c" * 4001), "command", "4,001 characters, limit 4,000"),
        (TriggerRequest(command="a\0"), "command", "NUL"),
        (TriggerRequest(entrypoint="e" * 501), "entrypoint", "501 characters, limit 500"),
        (TriggerRequest(env_variables=(EnvVariable("1A", ""),)), "env_variables", "invalid name"),
        (TriggerRequest(env_variables=(EnvVariable("A\n", ""),)), "env_variables", "invalid name"),
        (TriggerRequest(env_variables=(EnvVariable("A", "\0"),)), "env_variables", "NUL"),
        (TriggerRequest(env_variables=(EnvVariable("A", ""),) * 2), "env_variables", "duplicate"),
    ],
)
def test_each_exceeded_limit_is_reported_at_its_field(
    request_: TriggerRequest, field: str, words: str
) -> None:
    problems = request_.problems()
    assert set(problems) == {field}
    assert words in problems[field][0]


@given(TEXT)
def test_our_quoting_is_that_of_the_shell(text: str) -> None:
    assert format_argv((text,)) == shlex.quote(text)
