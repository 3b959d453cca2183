"""Keys for an app under test, without Textual's wait for an idle processor after each of them."""

import asyncio
import unicodedata
from typing import Any

from textual import events
from textual.app import App
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot

from nodion_tui.ui.app import NodionApp
from nodion_tui.ui.commands.command import Command
from nodion_tui.ui.commands.registry import COMMANDS


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Send keys as a terminal would, one after the other, and wait until they are handled."""
    app = pilot.app
    driver = app._driver
    assert driver is not None
    for key in keys:
        event = key_event(key)
        event.set_sender(app)
        driver.send_message(event)
        await handled(pilot)
    while _is_typed_ahead(app):  # noqa: ASYNC110 - what is awaited tells nobody
        await asyncio.sleep(0)
    await handled(pilot)


def _is_typed_ahead(app: App[Any]) -> bool:
    """Whether a key still waits for the one before it (see `TypeAhead`)."""
    typed = app._typed if isinstance(app, NodionApp) else None
    return typed is not None and bool(typed._waiting or typed._settling)


async def handled(pilot: Pilot[Any]) -> None:
    """Wait until everything that is under way in the app has been handled."""
    for _ in range(2):
        await _app_is_done(pilot.app)
        await pilot._wait_for_screen()


async def _app_is_done(app: App[Any]) -> None:
    done = asyncio.Event()
    app.call_later(done.set)
    await asyncio.wait_for(done.wait(), 5)


def key_event(key: str) -> events.Key:
    """A key as a terminal tells it, by the name that a binding has for it."""
    if len(key) == 1 and not key.isalnum():
        key = _character_to_key(key)
    character: str | None
    try:
        character = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    except KeyError:
        character = key if len(key) == 1 else None
    return events.Key(key, character)


def command_of(command_id: str) -> Command:
    """The command that has this id."""
    return next(each for each in COMMANDS if each.id == command_id)
