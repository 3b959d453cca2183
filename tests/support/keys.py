"""Keys for an app under test, without Textual's wait for an idle CPU after each of them."""

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
    """Send keys as a terminal does, one after the other, and wait until they are handled."""
    app = pilot.app
    driver = app._driver
    assert driver is not None
    for key in keys:
        event = key_event(key)
        event.set_sender(app)
        driver.send_message(event)
        await handled(pilot)
    while _is_typed_ahead(app):  # noqa: ASYNC110 - the condition has no event
        await asyncio.sleep(0)
    await handled(pilot)


def _is_typed_ahead(app: App[Any]) -> bool:
    """Whether a key still waits for the previous one (see `TypeAhead`)."""
    typeahead = app._typeahead if isinstance(app, NodionApp) else None
    return typeahead is not None and bool(typeahead._waiting or typeahead._settling)


async def handled(pilot: Pilot[Any]) -> None:
    """Wait until all pending messages of the app are handled."""
    for _ in range(2):
        await _app_is_done(pilot.app)
        await pilot._wait_for_screen()


async def _app_is_done(app: App[Any]) -> None:
    done = asyncio.Event()
    app.call_later(done.set)
    await asyncio.wait_for(done.wait(), 5)


def key_event(key: str) -> events.Key:
    """The event of a key, given by its name in bindings."""
    if len(key) == 1 and not key.isalnum():
        key = _character_to_key(key)
    character: str | None
    try:
        character = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    except KeyError:
        character = key if len(key) == 1 else None
    return events.Key(key, character)


def command_of(command_id: str) -> Command:
    """The command with this id."""
    return next(command for command in COMMANDS if command.id == command_id)
