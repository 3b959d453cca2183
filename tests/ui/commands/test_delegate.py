"""Actions of controllers become actions of the node that binds their keys."""

import pytest
from textual.app import App
from textual.widget import Widget

from nodion_tui.ui.commands.delegate import delegate_actions, delegate_actions_on, delegate_late


class Counter:
    def __init__(self) -> None:
        self.count = 0

    def action_add(self) -> None:
        self.count += 1


class Speller:
    def __init__(self) -> None:
        self.spelled: list[str] = []

    async def action_spell(self, word: str) -> None:
        self.spelled.append(word)


class OwnAdd(Widget):
    def action_add(self) -> None:
        """The node's own."""


async def test_a_node_runs_the_action_of_its_controller() -> None:
    app, counter = App[None](), Counter()
    async with app.run_test():
        node = Widget()
        delegate_actions(node, counter)
        assert await app.run_action("add", node)
        assert counter.count == 1
        assert not await app.run_action("add", Widget())


async def test_an_action_gets_what_it_acts_on_and_is_not_run_on_nothing() -> None:
    app, speller = App[None](), Speller()
    words: list[str] = []
    async with app.run_test():
        node = Widget()
        delegate_actions_on(node, lambda: words[-1] if words else None, speller)
        assert await app.run_action("spell", node), "the key is used up all the same"
        words.append("first")
        assert await app.run_action("spell", node)
        words.append("second")
        assert await app.run_action("spell", node)
    assert speller.spelled == ["first", "second"]


async def test_a_late_controller_is_made_when_its_action_is_run() -> None:
    app, made = App[None](), [Counter()]
    taken: list[Counter] = []

    def make() -> Counter:
        taken.append(made[0])
        return made[0]

    async with app.run_test():
        node = Widget()
        delegate_late(node, make, "action_add")
        assert not taken
        assert await app.run_action("add", node)
    assert made[0].count == 1
    with pytest.raises(TypeError, match="action_add"):
        delegate_late(OwnAdd(), make, "action_add")


def test_two_owners_of_one_action_are_refused() -> None:
    with pytest.raises(TypeError, match="action_add"):
        delegate_actions(OwnAdd(), Counter())
    node = Widget()
    with pytest.raises(TypeError, match="action_add"):
        delegate_actions(node, Counter(), Counter())


async def test_an_action_may_replace_one_of_textual() -> None:
    class Pager:
        pages = 0

        def action_page_down(self) -> None:
            self.pages += 1

    app, pager, node = App[None](), Pager(), Widget()
    async with app.run_test():
        delegate_actions(node, pager)
        assert await app.run_action("page_down", node)
    assert pager.pages == 1
    with pytest.raises(TypeError, match="action_page_down"):
        delegate_actions(node, Pager())
