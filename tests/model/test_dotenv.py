import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.dotenv import DotEnvProblem, looks_like_dotenv, parse_dotenv
from nodion_tui.model.text.masking import looks_secret

KEY = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,8}", fullmatch=True)
VALUE = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def values(text: str) -> dict[str, str]:
    parsed = parse_dotenv(text)
    assert parsed.problems == ()
    return {variable.env_key: variable.env_val for variable in parsed.variables}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=b", "b"),
        ("A=", ""),
        ("A", None),
        ("export A=b", "b"),
        ("  export\tA =  b c  ", "b c"),
        ("A=b # comment", "b"),
        ("A= # comment", ""),
        ("A=#b", "#b"),
        ("A=b#c", "b#c"),
        ("A='b # c'", "b # c"),
        ("A='b' # c", "b"),
        ("A='\\n$X'", "\\n$X"),
        ('A="b\\nc\\t\\"\\\\\\$\\`"', 'b\nc\t"\\$`'),
        ('A="\\d"', "\\d"),
        ("A='one\ntwo'", "one\ntwo"),
        ('A="one\r\ntwo"', "one\ntwo"),
        ("A=$B ${C} `d`", "$B ${C} `d`"),
        ("A=b=c", "b=c"),
        ("A=it's", "it's"),
        ("\ufeffA=b", "b"),
        ("A=b\\", "b\\"),
        ("A=🙂 é", "🙂 é"),
        ("A=x\u2028y", "x\u2028y"),
    ],
)
def test_an_assignment(text: str, value: str | None) -> None:
    parsed = parse_dotenv(text)
    assert [variable.env_val for variable in parsed.variables] == ([] if value is None else [value])
    assert bool(parsed.problems) == (value is None)


def test_a_block() -> None:
    text = "# first\n\nA=1\r\n  # second\rexport B='2'\n\n"
    assert values(text) == {"A": "1", "B": "2"}


def test_the_last_value_of_a_name_holds() -> None:
    assert values("A=1\nB=2\nA=3") == {"A": "3", "B": "2"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("what is this", "expected NAME=value"),
        ("1A=b", "expected NAME=value"),
        ("A-B=c", "expected NAME=value"),
        ("export A", "expected NAME=value"),
        ("C='open", "unclosed '"),
        ('C="open', 'unclosed "'),
        ("C='a'b", "text after the closing '"),
        ('C="a" "b"', 'text after the closing "'),
    ],
)
def test_a_line_that_cannot_be_read_costs_one_line(line: str, words: str) -> None:
    parsed = parse_dotenv(f"A=1\n{line}\nB=2")
    assert [(variable.env_key, variable.env_val) for variable in parsed.variables] == [
        ("A", "1"),
        ("B", "2"),
    ]
    (problem,) = parsed.problems
    assert problem.line == 2
    assert words in problem.message


def test_problems_name_lines_even_after_values_of_several() -> None:
    assert parse_dotenv("A='1\n2\n3'\n?").problems == (DotEnvProblem(4, "expected NAME=value"),)


@given(st.dictionaries(KEY, VALUE.map(lambda text: text.replace("\r", "")), max_size=5))
def test_double_quotes_can_say_everything(variables: dict[str, str]) -> None:
    def quote(value: str) -> str:
        for character in '\\"$`':
            value = value.replace(character, "\\" + character)
        return f'"{value}"'

    text = "\n".join(f"{key}={quote(value)} # why" for key, value in variables.items())
    assert values(text) == variables


@given(st.text(max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= problem.line <= lines for problem in parse_dotenv(text).problems)


@pytest.mark.parametrize("text", ["A=1", "export A=1", "# c\nA=1", "x\ny\rA=", "\ufeffA=1"])
def test_text_with_assignments_is_dotenv(text: str) -> None:
    assert looks_like_dotenv(text)


@pytest.mark.parametrize("text", ["A", "", "A B=1", "--a=b", "two\nlines"])
def test_text_without_assignments_is_not_dotenv(text: str) -> None:
    assert not looks_like_dotenv(text)


@pytest.mark.parametrize(
    "key",
    [
        "PASSWORD",
        "DB_PASSWORD",
        "dbPassword",
        "PGPASSWORD",
        "DB_PASS",
        "API_KEY",
        "APIKEY",
        "AWS_SECRET_ACCESS_KEY",
        "GITHUB_TOKEN",
        "token2",
        "AUTH",
        "DB_PWD",
        "SENTRY_DSN",
        "SESSION_COOKIE",
        "TLS_PRIVATE_KEY",
        "CREDENTIALS",
        "SIGNING_KEYS",
        "MY_PASSPHRASE",
    ],
)
def test_names_of_secrets(key: str) -> None:
    assert looks_secret(key)


@pytest.mark.parametrize(
    "key", ["PATH", "PWD", "MONKEY", "KEYBOARD", "AUTHOR", "BYPASS", "VERBOSE", "COMPASS", "PINS"]
)
def test_names_of_what_may_be_seen(key: str) -> None:
    assert not looks_secret(key)


@pytest.mark.parametrize(
    "value",
    [
        "postgres://me:hunter2@db/x",
        "-----BEGIN RSA PRIVATE KEY-----\nMII",
        "ghp_0123456789abcdef",
        "AKIA0123456789ABCDEF",
        "eyJhbGciOiJI.eyJzdWIiOiIx",
    ],
)
def test_values_that_are_secrets(value: str) -> None:
    assert looks_secret("X", value)
    assert not looks_secret("X", value[1:12])
