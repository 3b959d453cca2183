"""Order and columns of the run list, and their menus, without a screen."""

from collections.abc import Coroutine, Sequence
from typing import Any

import pytest

from nodion_tui.monitor.runs.sorted_runs import SortedRuns
from nodion_tui.monitor.storage.ui_state import ListState
from nodion_tui.ui.dashboard.lists.columns import ColumnName
from nodion_tui.ui.dashboard.lists.ordering import OrderMenus, RunOrder
from nodion_tui.ui.dialogs.menu import MenuEntry
from tests.support.filled_monitor import START, a_run

SHOWN: frozenset[ColumnName] = frozenset({"status", "started", "command"})
RUNS = [a_run("r", number, argv=("echo", word)) for number, word in ((2, "b"), (1, "c"), (0, "a"))]
"""Newest first."""


def commands(order: RunOrder) -> str:
    return "".join(run.argv[1] for run in order.apply(RUNS, now=START, names={}))


def no_change() -> None:
    pass


class Menus:
    """Menus that are answered one after the other."""

    def __init__(self, order: RunOrder, *answers: str | None) -> None:
        self.asked: list[dict[str, MenuEntry]] = []
        self.started: list[Coroutine[Any, Any, None]] = []
        self._answers = iter(answers)
        self.menus = OrderMenus(order, lambda: SHOWN, self._ask, self.started.append)

    async def _ask(self, _title: str, entries: Sequence[MenuEntry]) -> str | None:
        self.asked.append({entry.id: entry for entry in entries})
        return next(self._answers)


def test_sorting_again_by_the_same_column_reverses_the_order() -> None:
    changes: list[None] = []
    order = RunOrder(lambda: changes.append(None))
    assert commands(order) == "bca"
    order.sort_by("command")
    assert commands(order) == "cba"
    order.sort_by("command")
    assert commands(order) == "abc"
    order.sort_by("created")
    assert commands(order) == "bca"
    assert len(changes) == 3


def test_the_default_order_costs_nothing() -> None:
    assert RunOrder(no_change).apply(RUNS, now=START, names={}) is RUNS


@pytest.mark.parametrize(
    ("sorts", "words"),
    [
        ([], ""),
        (["created"], "oldest first"),
        (["command"], ""),
        (["exit"], "by exit code"),
    ],
)
def test_an_order_that_no_heading_shows_is_told_in_words(sorts: list[str], words: str) -> None:
    order = RunOrder(no_change)
    for name in sorts:
        order.sort_by(name)
    assert order.hidden(lambda: SHOWN) == words


def test_what_is_saved_is_restored_and_unknown_names_are_ignored() -> None:
    order, restored = RunOrder(no_change), RunOrder(no_change)
    order.sort_by("exit")
    order.sort_by("exit")
    order.choose_columns({"status", "exit"})
    restored.restore(order.to_save())
    assert (restored.sort, restored.descending) == ("exit", False)
    assert restored.columns == {"status", "exit"}
    restored.restore(ListState(columns=("exit", "mood"), sort="mood"))
    assert restored.sort == "exit"
    assert restored.columns == {"exit"}
    restored.restore(None)
    assert restored.columns == {"exit"}


async def test_the_menu_sorts_and_tells_what_choosing_again_does() -> None:
    order = RunOrder(no_change)
    shown = Menus(order, "exit", None)
    shown.menus.action_sort()
    assert not shown.asked, "it runs where it is started"
    await shown.started.pop()
    assert order.sort == "exit"
    shown.menus.action_sort()
    await shown.started.pop()
    assert shown.asked[1]["exit"].detail == "descending; again: ascending"
    assert "profile" not in shown.asked[1], "all runs are of one"
    assert not shown.asked[1]["created"].detail
    assert order.sort == "exit", "Esc changes nothing"


async def test_columns_are_toggled_from_what_is_shown_until_escape() -> None:
    order = RunOrder(no_change)
    shown = Menus(order, "id", "command", None)
    shown.menus.action_columns()
    await shown.started.pop()
    assert order.columns == {"status", "started", "id"}
    first, _, last = shown.asked
    assert {name for name, entry in first.items() if entry.detail == "shown"} == SHOWN
    assert {name for name, entry in last.items() if entry.detail == "shown"} == order.columns
    assert (first["automatic"].detail, last["automatic"].detail) == ("on", "")


async def test_automatic_columns_forget_what_was_chosen() -> None:
    order = RunOrder(no_change)
    shown = Menus(order, "id", "automatic", None)
    shown.menus.action_columns()
    await shown.started.pop()
    assert order.columns == frozenset()


def test_runs_that_have_not_ended_come_first_unless_that_is_switched_off() -> None:
    runs = SortedRuns()
    runs.replace(
        [], [a_run("r", number, "succeeded" if number % 3 else "running") for number in range(9)]
    )
    active = [run for run in runs if not run.is_final]
    order = RunOrder(no_change)
    shown = order.apply(runs, now=START, names={}, active=active)
    assert [run.id for run in shown[:3]] == ["r-6", "r-3", "r-0"]
    assert sorted(run.id for run in shown) == sorted(run.id for run in runs)
    rest = [run for run in runs if run.is_final]
    assert list(shown[3:]) == rest
    order.toggle_active_first()
    assert order.apply(runs, now=START, names={}, active=active) is runs
    restored = RunOrder(no_change)
    restored.restore(order.to_save())
    assert not restored.active_first


async def test_the_menu_of_orders_switches_active_runs_first() -> None:
    order = RunOrder(no_change)
    shown = Menus(order, "active-first")
    shown.menus.action_sort()
    await shown.started.pop()
    assert shown.asked[0]["active-first"].detail == "on"
    assert not order.active_first
    assert order.sort == "created"
