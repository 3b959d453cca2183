import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.log.structured.formatted import pretty
from nodion_tui.monitor.log.structured.json_lines import (
    JsonLine,
    JsonRole,
    JsonToken,
    parse_json_line,
)
from nodion_tui.monitor.log.structured.members import MAX_LENGTH, looks_like_json

ONE_LINE = st.text(st.characters(exclude_characters="\n"))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | ONE_LINE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ONE_LINE, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            '{"time":"10:01","level":"info","msg":"started","port":8080,"host":"a b"}',
            '10:01 info started port=8080 host="a b"',
        ),
        (
            '{"msg":"x","err":null,"ok":true,"n":1.10,"deep":{"a":[1, 2]},"empty":""}',
            'x err=null ok=true n=1.10 deep={"a":[1,2]} empty=""',
        ),
        (
            '{"ts":1768471261.5,"level":50,"message":"boom"}',
            "2026-01-15T10:01:01.500Z error boom",
        ),
        ('{"ts":1768471261500}', "2026-01-15T10:01:01.500Z"),
        ('{"ts":12}', "12"),
        ('{"level":{"a":1},"severity":"WARN"}', 'WARN level={"a":1}'),
        ('{"big":123456789012345678901234567890}', "big=123456789012345678901234567890"),
        ('  {"a":"b"}  ', "a=b"),
        ("{}", "{}"),
        ('{"msg":""}', 'msg=""'),
        ('{"msg":" ","level":""}', 'msg=" " level=""'),
        ('{"level":"error"}', "error"),
        ('{"level":"info","name":"a","msg":"dup","name":"b"}', "info dup name=a name=b"),
        (
            '{"level":"error","level":"info","in":{"a":1,"a":2}}',
            'error level=info in={"a":1,"a":2}',
        ),
        ('{"msg":"x","loss":NaN,"lr":-Infinity,"l":[NaN]}', "x loss=NaN lr=-Infinity l=[NaN]"),
        ('{"msg":"raw\ttab","path":"C:\\\\x"}', "raw\ttab path=C:\\x"),
        (r'{"msg":"x","y":"\udc00"}', r'x y="\udc00"'),
        ('\ufeff{"level":"error","msg":"x"}', "error x"),
        ('{"time":"1_000_000_000","msg":"x"}', "1_000_000_000 x"),
        ('{"@t":"12:00","@mt":"x {Y}","@l":"Error","Y":1}', "12:00 Error x {Y} Y=1"),
        ('{"msg":"x","status":"error"}', "x status=error"),
        ('{"short_message":"x","level":3}', "error x"),
        ('{"LogLevel":"Warning","Message":"x"}', "Warning x"),
        ('{"MessageTemplate":"x {Y}","RenderedMessage":"x 1"}', 'x 1 MessageTemplate="x {Y}"'),
    ],
)
def test_one_line(body: str, line: str) -> None:
    parsed = parse_json_line(body)
    assert parsed is not None
    assert one_line(parsed) == line


def one_line(parsed: JsonLine) -> str:
    texts = (f"{text}=" if role is JsonRole.KEY else f"{text} " for role, text in parsed.tokens())
    return "".join(texts).strip()


@pytest.mark.parametrize(
    "body",
    [
        "",
        '{"a":1,}',
        '{"a" 1}',
        '{"a":1 "b":2}',
        "{,}",
        r'{"a":"\q"}',
        '{"a":tru}',
        "plain",
        "{",
        "}",
        "{not json}",
        "[1]",
        '"text"',
        '{"a":1} tail',
        "{" * 5000 + "}",
    ],
)
def test_lines_that_are_no_json_object(body: str) -> None:
    assert parse_json_line(body) is None


def test_a_line_that_is_too_long_is_not_parsed() -> None:
    body = json.dumps({"a": "x" * MAX_LENGTH})
    assert not looks_like_json(body)
    assert parse_json_line(body) is None


def test_tokens_have_roles() -> None:
    parsed = parse_json_line('{"level":"info","msg":"hi","k":1}')
    assert parsed is not None
    assert parsed.tokens() == [
        JsonToken(JsonRole.LEVEL, "info"),
        JsonToken(JsonRole.MESSAGE, "hi"),
        JsonToken(JsonRole.KEY, "k"),
        JsonToken(JsonRole.VALUE, "1"),
    ]


def test_pretty_keeps_every_number_as_written() -> None:
    assert pretty('{"a":1.10,"b":[1,{"c":"é"}]}') == [
        "{",
        '  "a": 1.10,',
        '  "b": [',
        "    1,",
        "    {",
        '      "c": "é"',
        "    }",
        "  ]",
        "}",
    ]
    assert pretty("no json") == ["no json"]


def test_a_text_of_several_lines_is_shown_as_lines() -> None:
    body = r'{"msg":"x","err":{"stack":"Error: \"x\"\n\tat a\u001b\n    at b\n","n":NaN},"k":[]}'
    assert pretty(body) == [
        "{",
        '  "msg": "x",',
        '  "err": {',
        '    "stack":',
        '      Error: "x"',
        "          at a\x1b",
        "          at b",
        '    "n": NaN',
        "  },",
        '  "k": []',
        "}",
    ]


def test_letters_are_unescaped_and_hidden_characters_are_not() -> None:
    body = r'{"who":"Zo\u00eb \ud83d\ude00","in":["\u4e2d\\u4e2d", "\u202e\u001b\u0022"]}'
    parsed = parse_json_line(body)
    assert parsed is not None
    assert one_line(parsed) == r'who="Zoë 😀" in=["中\\u4e2d","\u202e\u001b\u0022"]'
    assert '  "who": "Zoë 😀",' in pretty(body)


@given(st.dictionaries(ONE_LINE, JSON, max_size=5), st.sampled_from(["ascii", "utf-8"]))
def test_an_object_keeps_all_fields(fields: dict[str, object], written: str) -> None:
    body = json.dumps(fields, ensure_ascii=written == "ascii")
    parsed = parse_json_line(body)
    assert parsed is not None
    named = sum(bool(text) for text in (parsed.time, parsed.level, parsed.message))
    assert len(fields) - 3 <= len(parsed.fields) <= len(fields)
    assert len(parsed.fields) + named <= len(fields)
    assert json.loads("\n".join(pretty(body))) == fields


@given(st.text())
def test_any_text_is_accepted(body: str) -> None:
    parse_json_line(body)
    parse_json_line("{" + body + "}")
    assert pretty(body)
