"""One table of stand-ins: every sign that a person sees has one, and no other place has any."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual._border import BORDER_CHARS

import nodion_tui
from nodion_tui.model.text import signs
from nodion_tui.model.text.signs import STAND_INS, STATUS_SIGNS, in_ascii, status_sign
from nodion_tui.ui.dashboard.lists.runner_cells import ASCII_LEVELS, LEVELS
from nodion_tui.ui.paint.row_signs import NEVER_RUN, NO_CURSOR, cursor_sign, run_sign

ROOT = Path(nodion_tui.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
NOT_SHOWN = {"ui/dialogs/hidden_characters.py", "ui/terminal/sanitize_filter.py"}
"""Characters to look for, no text."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def texts(path: Path) -> Iterator[str]:
    """The string literals of a file, without docstrings and patterns."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    other = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    other |= {
        id(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in other:
            yield node.value


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if name_of(path).startswith(("ui/", "cli/"))],
    ids=name_of,
)
def test_every_sign_in_a_text_has_a_stand_in(path: Path) -> None:
    shown = {sign for text in texts(path) for sign in text if not sign.isascii()}
    assert name_of(path) in NOT_SHOWN or shown <= STAND_INS.keys()


def test_every_sign_of_a_frame_has_a_stand_in() -> None:
    drawn = {sign for rows in BORDER_CHARS.values() for row in rows for sign in row}
    assert in_ascii("".join(drawn)).isascii()


def test_a_stand_in_is_one_ascii_character_as_wide_as_its_sign() -> None:
    assert {
        sign: stand_in
        for sign, stand_in in STAND_INS.items()
        if sign.isascii() or not stand_in.isascii() or len(stand_in) != 1 or cell_len(sign) != 1
    } == {}


def test_statuses_differ_in_ascii_as_well() -> None:
    assert [in_ascii(sign) for sign in STATUS_SIGNS.values()] == ["o", "*", "+", "x", "/"]
    assert status_sign("new-one") == "?"


def test_the_signs_of_rows_are_single_columns_and_have_stand_ins() -> None:
    cursors = (NO_CURSOR, cursor_sign(has_focus=True), cursor_sign(has_focus=False))
    for sign in (
        part.text for part in (*cursors, NEVER_RUN, *map(run_sign, [*STATUS_SIGNS, "new-one"]))
    ):
        assert cell_len(sign) == cell_len(in_ascii(sign)) == 1
        assert in_ascii(sign).isascii()
    assert cell_len(LEVELS) == len(LEVELS) == len(ASCII_LEVELS)
    assert ASCII_LEVELS.isascii()


def test_what_is_no_sign_stays() -> None:
    assert in_ascii("日本 é ✓ plain") == "日本 é + plain"


def is_stand_in(one: ast.expr | None, other: ast.expr | None) -> bool:
    """Whether one is a sign or two, and the other as many ASCII characters."""
    texts = [
        node.value
        for node in (one, other)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    match sorted(texts, key=str.isascii):
        case [sign, plain]:
            pair = not sign.isascii() and plain.isascii() and not plain.isdigit()
            return pair and len(sign) == len(plain) <= 2
    return False


def pairs(node: ast.AST) -> Iterator[tuple[ast.expr | None, ast.expr | None]]:
    """Expressions that stand for each other: in a dict, a choice, or two tuples to choose from."""
    match node:
        case ast.Dict(keys, values):
            yield from zip(keys, values, strict=True)
        case ast.IfExp(_, ast.Tuple(elts=one), ast.Tuple(elts=other)):
            yield from zip(one, other, strict=False)
        case ast.IfExp(_, one_text, other_text):
            yield one_text, other_text
        case ast.Tuple(elts=[sign, plain, *_]):
            yield sign, plain


def stand_ins(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        is_table = isinstance(node, ast.Attribute) and node.attr == "maketrans"
        if is_table and ast.unparse(node) != "bytes.maketrans":
            yield "maketrans"
        if any(is_stand_in(one, other) for one, other in pairs(node)):
            yield ast.unparse(node)


@pytest.mark.parametrize(
    "code",
    [
        "str.maketrans('✓', '+')",
        "{'✓': '+'}",
        "'<' if ascii else '‹'",
        "'^v' if ascii else '▲▼'",
        "('*', 'x') if plain else ('●', '✗')",
        "{'failed': ('✗', 'x')}",
    ],
)
def test_a_second_table_would_be_found(code: str) -> None:
    assert [*stand_ins(ast.parse(code))]


def test_no_other_place_has_stand_ins() -> None:
    home = Path(signs.__file__)
    found = {
        name_of(path): others
        for path in FILES
        if path != home and (others := [*stand_ins(ast.parse(path.read_text(encoding="utf-8")))])
    }
    assert found == {}
