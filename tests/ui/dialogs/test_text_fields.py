from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.containers import Vertical
from textual.screen import ModalScreen

from nodion_tui.model.text.sanitize import is_clean
from nodion_tui.ui.dialogs.hidden_characters import HiddenCharacterCodes, with_placeholders
from nodion_tui.ui.dialogs.text_fields import LineField, MultilineField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tests.support.dialogs import OpenDialog

TEXT = st.text(st.sampled_from("ab\n\r\x0b\x1c\x85\u2028\t🙂\x1b é"), max_size=12)
STRANGE = "a\r\x1b\u2028b\u202e\x00🙂\x85c"


@given(st.text(st.characters(), max_size=12) | TEXT)
def test_text_comes_out_of_a_field_as_it_was_put_in(text: str) -> None:
    codes = HiddenCharacterCodes()
    coded = codes.encode(text)
    assert codes.decode(coded) == text
    assert len(coded) == len(text)
    assert coded.split("\n") == [*coded.splitlines(), *[""] * (not text or text.endswith("\n"))]


def test_a_field_keeps_more_hidden_characters_than_there_are_codes() -> None:
    codes = HiddenCharacterCodes()
    many = "".join(map(chr, range(0xE0000, 0xE0000 + 3000))) + "\u2028"
    assert codes.decode(codes.encode(many)) == many
    assert len(codes.encode(many).splitlines()) == 1


async def test_an_edit_is_an_edit_of_the_text(opened: OpenDialog) -> None:
    choice = Random(7)  # noqa: S311 - the same in every run

    def any_text() -> str:
        return "".join(choice.choices("ab\n\r\x0b\x1c\x85\u2028\t🙂\x1b é", k=choice.randrange(12)))

    field = MultilineField()
    async with opened(Holding(field), (40, 10)):
        for _ in range(60):
            field.text = text = any_text()
            assert field.text == text
            for _ in range(3):
                before, inserted = field.text, any_text()
                start, end = sorted(choice.choices(range(len(before) + 1), k=2))
                places = [_location(before, index) for index in (start, end)]
                if choice.random() < 0.5:
                    places.reverse()
                assert field.get_text_range(*places) == before[start:end]
                field.history.checkpoint()
                result = field.replace(inserted, *places)
                assert field.text == before[:start] + inserted + before[end:]
                assert result.replaced_text == before[start:end]
                assert result.end_location == _location(field.text, start + len(inserted))
            for _ in range(3):
                field.undo()
            assert field.text == text


class Holding(ModalScreen[None]):
    def __init__(self, field: MultilineField) -> None:
        super().__init__()
        self.field = field

    def compose(self) -> ComposeResult:
        yield self.field


def _location(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n"), index - (before.rfind("\n") + 1)


@given(st.text())
def test_stand_ins_hold_every_position_and_hide_every_control(text: str) -> None:
    shown = with_placeholders(text)
    assert len(shown) == len(text)
    assert not set(shown) & set("\x00\x07\x1b\r\x7f\x85\x9b\u2028\u202e\u200b\ufeff")
    assert all(was == now for was, now in zip(text, shown, strict=True) if is_clean(was))


class LongValues(ModalScreen[None]):
    def compose(self) -> ComposeResult:
        yield LineField("first " + "x" * 200 + " last")
        yield LineField("other")


async def test_a_long_value_is_read_from_its_beginning_unless_it_is_edited(
    opened: OpenDialog,
) -> None:
    async with opened(LongValues(), (60, 20)) as stage:
        long, other = stage.app.screen.query(LineField)
        long.focus()
        await stage.press("end", "!")
        assert "last!" in stage.screen_text()
        other.focus()
        await stage.press("x")
        assert "first x" in stage.screen_text()
        long.focus()
        await stage.press("?")
        assert "last!?" in stage.screen_text()


class Fields(ModalScreen[None]):
    def compose(self) -> ComposeResult:
        with Vertical():
            yield LineField(STRANGE)
            yield MultilineField(STRANGE)


async def test_fields_show_nothing_that_a_terminal_obeys_and_keep_it(opened: OpenDialog) -> None:
    async with opened(Fields(), (60, 20)) as stage:
        line, block = (
            stage.app.screen.query_one(LineField),
            stage.app.screen.query_one(MultilineField),
        )
        text = stage.screen_text()
        assert not set(text) & set("\r\x1b\u2028\u202e\x00\x85")
        assert text.count("a␍␛\ufffdb\ufffd␀🙂\ufffdc") == 2
        assert line.value == STRANGE
        assert block.text == STRANGE
        line.focus()
        await stage.press("home", "delete", "end", "backspace", "x")
        block.focus()
        await stage.press("ctrl+end", "backspace", "x")
        assert line.value == STRANGE[1:-1] + "x"
        assert block.text == STRANGE[:-1] + "x"
        await stage.press("f7", "f6", "y")
        assert block.text == STRANGE[:-1] + "xy", "keys of a form select nothing in its fields"


async def test_a_long_paste_can_be_taken_back(opened: OpenDialog) -> None:
    field = MultilineField("a\u2028b")
    async with opened(Holding(field), (40, 20)) as stage:
        field.focus()
        await stage.paste("\r\n".join("\x1bline\u2029" for _ in range(30)))
        assert field.text.count("\n") == 29
        await stage.press("ctrl+z")
        assert field.text == "a\u2028b"
        await stage.press("ctrl+y")
        assert field.text == "a\u2028b" + "\n".join("\x1bline\u2029" for _ in range(30))


@pytest.mark.parametrize("field", [LineField, MultilineField])
async def test_the_cursor_stands_on_what_it_would_delete(
    opened: OpenDialog, field: type[Any]
) -> None:
    class One(ModalScreen[None]):
        def compose(self) -> ComposeResult:
            yield field("\x1b\x1bab")

    async with opened(One(), (40, 10)) as stage:
        widget = stage.app.screen.query_one(field)
        widget.focus()
        await stage.press("end", "left")
        assert widget.cursor_screen_offset.x - widget.content_region.x == 3


async def test_typing_over_a_mouse_click_lands_where_it_was_clicked(opened: OpenDialog) -> None:
    class One(ModalScreen[None]):
        def compose(self) -> ComposeResult:
            yield LineField("\x1bab\ncd")

    async with opened(One(), (40, 10)) as stage:
        field = stage.app.screen.query_one(LineField)
        left = field.content_region.x - field.region.x
        await stage.pilot.click(LineField, offset=(left + 4, 0))
        await stage.press("x")
        assert field.value == "\x1bab\nxcd"


async def test_a_value_that_goes_on_beyond_an_edge_says_so(opened: OpenDialog) -> None:
    class One(ModalScreen[None]):
        def compose(self) -> ComposeResult:
            yield LineField("/home/someone/" + "x" * 40 + ".log")
            yield LineField()

    async with opened(One(), (30, 10)) as stage:
        field = stage.app.screen.query_one(LineField)
        field.focus()
        await stage.press("home", "end")
        await stage.until(lambda: field.render_line(0).text.startswith("‹x"))
        assert ".log" in field.render_line(0).text
        await stage.press("home")
        await stage.until(lambda: field.render_line(0).text.startswith("/home/someone/"))
        assert field.render_line(0).text[: field.content_size.width].endswith("x›")
        field.value = "/short"
        await stage.press("end")
        assert field.render_line(0).text.strip() == "/short"


async def test_undo_takes_back_what_was_typed(opened: OpenDialog) -> None:
    class One(ModalScreen[None]):
        def compose(self) -> ComposeResult:
            yield MultilineField("a\rb")

    async with opened(One(), (40, 10)) as stage:
        field = stage.app.screen.query_one(MultilineField)
        field.focus()
        await stage.press("enter")
        await stage.paste("x\ny")
        assert field.text == "a\rb\nx\ny"
        await stage.press("ctrl+z", "ctrl+z")
        assert field.text == "a\rb"
