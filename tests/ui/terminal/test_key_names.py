"""Names of keys are those that Textual gives them in a binding."""

import string

import pytest
from textual.binding import Binding

from nodion_tui.ui.terminal.key_names import is_key_name, key_name

CHARACTERS = sorted({*string.ascii_letters, *string.digits, *string.punctuation, *"äß€日…"} - {","})


@pytest.mark.parametrize("character", CHARACTERS)
def test_a_character_has_the_name_that_textual_binds(character: str) -> None:
    (bound,) = Binding.make_bindings([Binding(character, "act")])
    assert key_name(character) == bound.key
    assert is_key_name(character)
    assert is_key_name(key_name(character))


def test_separators_of_keys_have_names_too() -> None:
    assert [key_name(character) for character in ", "] == ["comma", "space"]
    assert key_name("pagedown") == "pagedown"
    assert not is_key_name("no such key")
