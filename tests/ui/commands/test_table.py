from collections import Counter

from textual.binding import Binding

from nodion_tui.ui.commands.registry import COMMANDS, bindings, commands_in, key_label, keys_of
from tests.support.keys import command_of


def test_ids_are_unique() -> None:
    assert [name for name, count in Counter(c.id for c in COMMANDS).items() if count > 1] == []


def test_no_key_is_given_twice_in_a_scope() -> None:
    taken = Counter((c.scope, key) for c in COMMANDS for key in c.keys)
    assert [pair for pair, count in taken.items() if count > 1] == []


def test_a_list_hides_no_key_of_the_dashboard_or_the_app() -> None:
    above = {key for c in commands_in(("app", "dashboard")) for key in c.keys}
    assert above.isdisjoint(key for c in commands_in(("list",)) for key in c.keys)


def test_nothing_destructive_lies_on_ctrl_or_delete() -> None:
    stop = command_of("run.stop")
    assert stop.keys == ("X",)


def test_textual_accepts_every_key_and_keeps_the_id() -> None:
    made = list(Binding.make_bindings(bindings("dashboard")))
    assert {"slash", "left_square_bracket", "R", "shift+tab"} <= {b.key for b in made}
    assert {b.id for b in made} == {c.id for c in commands_in(("dashboard",))}


def test_a_keymap_rebinds_by_id() -> None:
    stop = command_of("run.stop")
    assert keys_of(stop, {"run.stop": "f8, S"}) == ("f8", "S")
    assert keys_of(stop, {}) == ("X",)


def test_labels_read_as_on_a_keyboard() -> None:
    assert (key_label("escape"), key_label("["), key_label("ctrl+p")) == ("Esc", "[", "ctrl+p")
