"""Switching between profiles while the program runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from nodion_tui.config import KeySource, Profile, Secret, Source
from nodion_tui.config.private_files import write_private_file
from nodion_tui.ui.session.profile_chooser import _details
from tests.support.canned import Canned, CannedService, log_line, run, runner
from tests.support.onscreen import OnScreen, on_screen

FILE = Source("file", "config.toml", 3)
OLD = runner(1, "Old backup")
RUNNING = run(1, "running", 60, None, command="old command")
OLD_WORLD = Canned(
    runners=[OLD],
    runs={OLD["id"]: [RUNNING]},
    logs={RUNNING["id"]: [log_line(1, "old line", 50)]},
)
NEW_WORLD = Canned(runners=[runner(2, "New mailer")])


@pytest.fixture
async def old() -> AsyncIterator[Profile]:
    async with CannedService(OLD_WORLD) as service:
        yield Profile(name="old", api_url=service.url, key=Secret("k"), project="acme", color="red")


@pytest.fixture
async def new() -> AsyncIterator[Profile]:
    async with CannedService(NEW_WORLD) as service:
        yield Profile(name="new", api_url=service.url)


def by_command(profile: Profile, *argv: str) -> Profile:
    return replace(profile, key_source=KeySource("command", FILE, argv=argv))


async def switch(shown: OnScreen, letter: str = "2") -> None:
    await shown.press("P")
    await shown.sees("╭─ Profiles")
    await shown.press(letter)


@pytest.mark.parametrize("mode", ["1", "2", "3"])
async def test_nothing_of_the_profile_before_stays(old: Profile, new: Profile, mode: str) -> None:
    profiles = (old, by_command(new, "echo", "k"))
    async with on_screen(old, profiles=profiles) as shown:
        await shown.sees("Old backup", "old command", "old line")
        await shown.press(mode)
        await shown.sees("acme", "1 running")
        await switch(shown)
        await shown.sees(" new ", "up to date")
        await shown.until(lambda: "old" not in shown.text.lower(), "its going")
        assert "acme" not in shown.text
        assert "1 running" not in shown.text


async def test_what_there_is_to_choose(old: Profile, new: Profile) -> None:
    profiles = (old, replace(new, read_only=True, project="p" * 36))
    async with on_screen(old, profiles=profiles) as shown:
        await shown.sees("Old backup")
        await shown.press("P")
        await shown.sees(
            "1  old  current, 127.0.0.1:", "2  new  ", "project pppppppp, read-only, no key"
        )


async def test_the_engine_on_this_machine_is_connected_again_not_looked_for_elsewhere(
    old: Profile, new: Profile
) -> None:
    @asynccontextmanager
    async def start() -> AsyncIterator[Profile]:
        yield replace(old, name="demo", engine="demo")

    engine = Profile(name="demo", engine="demo")
    async with on_screen(engine, connect=start, profiles=(by_command(new, "echo", "k"),)) as shown:
        for _ in range(2):
            await shown.sees("Old backup", "old command")
            await shown.press("P")
            await shown.sees("1  demo", "current, on this machine")
            await shown.press("1")
            await shown.until(lambda: "╭─ Profiles" not in shown.text, "the menu is closed")


async def test_a_key_that_cannot_be_had_is_told_and_tried_again(
    old: Profile, new: Profile, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    other = by_command(new, "cat", str(key))
    async with on_screen(old, profiles=(old, other)) as shown:
        await shown.sees("Old backup")
        await switch(shown)
        await shown.sees(" new ", "not connected", "cat failed, exit 1")
        assert "Old backup" not in shown.text
        key.write_text("k")
        await shown.press("r")
        await shown.sees("New mailer", "up to date")


async def test_a_profile_without_a_key_asks_for_one(old: Profile, new: Profile) -> None:
    async with on_screen(old, profiles=(old, new)) as shown:
        await shown.sees("Old backup")
        await switch(shown)
        await shown.sees("no API key")
        await shown.press(*"k", "enter")
        await shown.sees("New mailer", " new ")


@pytest.mark.parametrize("by_itself", [True, False])
async def test_a_renewed_key_is_taken_without_a_restart(
    profile: Profile, tmp_path: Path, *, by_itself: bool
) -> None:
    assert profile.key is not None
    file = tmp_path / "key"
    write_private_file(file, b"expired")
    by_file = replace(profile, key=Secret("expired"), key_source=KeySource("file", FILE, str(file)))
    async with on_screen(by_file) as shown:
        await shown.sees("invalid API key")
        write_private_file(file, profile.key.reveal().encode())
        if by_itself:
            await shown.app._check_regularly()
        else:
            await shown.press("r")
        await shown.sees("Hello", "up to date")


def test_the_menu_says_which_service_a_profile_reaches_and_what_it_may_do() -> None:
    current = Profile(name="demo", engine="demo")
    staging = Profile(name="staging", key=Secret("a-key"), read_only=True)
    assert list(_details(staging, current)) == ["api.nodion.com", "read-only"]
    assert list(_details(current, current)) == ["current", "on this machine"]
