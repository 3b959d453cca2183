"""Choosing in a menu by number, letter, arrows and by what is typed."""

from typing import TYPE_CHECKING

import pytest
from textual.widgets import OptionList

from nodion_tui.ui.dialogs.menu import Menu, MenuEntry, label_columns, matching_entries

if TYPE_CHECKING:
    from tests.support.dialogs import OpenDialog

NAMES = (
    "Backup",
    "Chatty export",
    "Database migration",
    "Environment check",
    "Flaky import",
    "Healthcheck us-east",
    "Nightly ETL",
    "Queue worker",
    "Reports",
    "Test suite",
)
RUNNERS = [MenuEntry(str(number), name, name) for number, name in enumerate(NAMES, 1)]
SETTINGS = [MenuEntry(chr(ord("a") + number), name, name) for number, name in enumerate(NAMES)]


@pytest.mark.parametrize(
    ("entries", "keys", "chosen"),
    [
        (RUNNERS, ("e", "t", "l", "enter"), "Nightly ETL"),
        (RUNNERS, ("e", "x", "ctrl+j"), "Chatty export"),
        (RUNNERS, ("down", "ctrl+n", "ctrl+n", "ctrl+p", "up", "enter"), "Chatty export"),
        (RUNNERS, ("pagedown", "enter"), "Test suite"),
        (RUNNERS, (*"us east", "alt+enter"), "Healthcheck us-east"),
        (RUNNERS, ("e", "backspace", "enter"), "Backup"),
        (RUNNERS, ("escape",), None),
        (RUNNERS[:9], ("3",), "Database migration"),
        (RUNNERS[:9], ("j", "j", "k", "enter"), "Chatty export"),
        (SETTINGS, ("c",), "Database migration"),
        (SETTINGS, ("j",), "Test suite"),
    ],
)
async def test_an_entry_is_chosen(
    opened: "OpenDialog", entries: list[MenuEntry], keys: tuple[str, ...], chosen: str | None
) -> None:
    async with opened(Menu("Trigger which runner?", entries)) as stage:
        await stage.press(*keys)
        assert await stage.dismissed() == chosen


@pytest.mark.parametrize("entries", [RUNNERS, RUNNERS[:9]], ids=["filtered", "numbered"])
async def test_a_menu_of_a_setting_begins_at_its_value(
    opened: "OpenDialog", entries: list[MenuEntry]
) -> None:
    async with opened(Menu("Theme", entries, highlighted="Queue worker"), (60, 10)) as stage:
        await stage.sees("Queue worker")
        await stage.press("enter")
        assert await stage.dismissed() == "Queue worker"


async def test_what_matches_nothing_chooses_nothing(opened: "OpenDialog") -> None:
    async with opened(Menu("Trigger which runner?", RUNNERS)) as stage:
        await stage.press(*"zz")
        await stage.sees("no match")
        await stage.press("down", "enter")
        assert stage.is_open
        await stage.press("backspace", "backspace")
        assert stage.app.screen.query_one(OptionList).option_count == len(RUNNERS)


def test_entries_that_start_with_what_is_typed_come_first() -> None:
    first, *_ = matching_entries(RUNNERS, "E")
    assert first.id == "Environment check"
    assert [entry.id for entry in matching_entries(RUNNERS, "us heal")] == ["Healthcheck us-east"]


async def test_details_stand_in_one_column_as_long_as_they_fit(opened: "OpenDialog") -> None:
    labels = ("● shown  Thumbnails 2f25a53b", "● shown  Queue worker 09fedb8c")
    entries = [MenuEntry(str(number), label, label, "live") for number, label in enumerate(labels)]
    async with opened(Menu("Hide or show runs", entries)) as stage:
        rows = [row for row in stage.screen_text().split("\n") if "shown" in row]
        assert len({row.index("live") for row in rows}) == 1


def test_a_label_that_is_too_long_does_not_widen_the_column_of_the_others() -> None:
    assert label_columns(["short", "longer", "x" * 60]) == len("longer")
