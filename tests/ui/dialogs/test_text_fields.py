from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.containers import Vertical
from textual.screen import ModalScreen

from nodion_tui.model.sanitize import is_clean
from nodion_tui.ui.dialogs.text_fields import (
    LineField,
    LosslessDocument,
    MultilineField,
    with_placeholders,
)

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tests.support.dialogs import OpenDialog

TEXT = st.text(st.sampled_from("ab\n\r\x0b\x1c\x85\u2028\t🙂\x1b é"), max_size=12)
STRANGE = "a\r\x1b\u2028b\u202e\x00🙂\x85c"


@given(TEXT)
def test_a_document_is_the_text_that_was_put_in(text: str) -> None:
    document = LosslessDocument(text)
    assert document.text == text
    assert document.lines == text.split("\n")


@given(st.data())
def test_an_edit_is_an_edit_of_the_text(data: st.DataObject) -> None:
    text, inserted = data.draw(TEXT), data.draw(TEXT)
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    document = LosslessDocument(text)
    places = [_location(text, index) for index in (start, end)]
    if data.draw(st.booleans()):
        places.reverse()
    result = document.replace_range(places[0], places[1], inserted)
    assert document.text == text[:start] + inserted + text[end:]
    assert result.replaced_text == text[start:end]
    assert result.end_location == _location(document.text, start + len(inserted))
    assert document.get_index_from_location(result.end_location) == start + len(inserted)


def _location(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n"), index - (before.rfind("\n") + 1)


@given(st.text())
def test_stand_ins_hold_every_position_and_hide_every_control(text: str) -> None:
    shown = with_placeholders(text)
    assert len(shown) == len(text)
    assert not set(shown) & set("\x00\x07\x1b\r\x7f\x85\x9b\u2028\u202e\u200b\ufeff")
    assert all(was == now for was, now in zip(text, shown, strict=True) if is_clean(was))


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
