"""Commands of one's own on the dashboard: declared, run on what is selected, and their failures."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import replace

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile, read_settings
from nodion_tui.model.own_command import CommandInput as Give
from nodion_tui.model.own_command import CommandOutput as Take
from nodion_tui.model.own_command import CommandSubject as On
from nodion_tui.model.own_command import OwnCommand
from nodion_tui.model.run import RunRecord
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.own.output_screen import OutputScreen
from nodion_tui.ui.problems.find import find_problems

if TYPE_CHECKING:
    from tests.ui.conftest import Board, Open

NONE = TriggerRequest()


def own(title: str, script: str, *words: str, **fields: object) -> OwnCommand:
    """A command that is a script of the shell."""
    return OwnCommand(title=title, command=("sh", "-c", script, "sh", *words), **fields)  # type: ignore[arg-type]


async def ended_run(client: NodionClient, board: "Board", runner_id: str) -> None:
    """A run of the runner that has ended, with its log on the screen."""
    await board.sees("Hello")
    await client.trigger(runner_id, NONE)
    board.ask_for(runner_id)
    await board.sees("log complete", " three")


async def test_they_are_declared_as_all_commands_are(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
    tmp_path: Path,
) -> None:
    told = tmp_path / "told"
    ids = own("Note ids", f'printf "%s %s" "$1" "$2" > {told}', "{runner}", "{run}", key="#")
    taken = own("Taken", "true", key="t", where="config.toml:9")
    later = own("Also taken", "true", key="#", where="config.toml:14")
    commands = (replace(ids, where="config.toml:3"), taken, later)
    keys = {"own.note-ids": "f8"}
    settings = replace(read_settings(environ={}), commands=commands, keys=keys)
    options = {"commands": commands, "keys": keys, "problems": partial(find_problems, settings)}
    async with open_board(profile, (200, 40), **options) as board:
        await board.sees("config.toml:9: commands: own.taken: t is the key")
        assert "own.also-taken" not in board.text, "the key is free: note-ids has another"
        await ended_run(client, board, runner_id("Hello"))
        await board.sees("F8 Note ids", "# Also taken")
        await board.press("f8")
        run = board.dashboard.current_run
        assert run is not None
        await board.until(told.exists)
        await board.until(lambda: told.read_text() == f"{run.runner_id} {run.id}")
        await board.press("!")
        await board.sees("Own commands", "1  Log in pager", "2  Note ids", "on the run · F8")
        await board.press("escape", "?")
        await board.sees("Keys")
        await board.press("/", *"taken")
        await board.sees("Own commands", "Also taken")
        await board.press("escape", "escape", "ctrl+p", *"note")
        await board.sees("Note ids  F8")


async def test_what_is_given_reaches_standard_input_or_a_private_file(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    to_out = f'cat "$@" > {out}; '
    in_file = f'stat -c "%a %n" "$1" > {out}; cat "$1" >> {out}'
    commands = (
        own("Give run", to_out, give=Give.RUN, key="#", take=Take.NOTHING),
        own("Give log", to_out, on=On.LOG, give=Give.LOG, key="%", take=Take.NOTHING),
        own("Give shown", to_out, on=On.LOG, give=Give.FILTERED, key="H", take=Take.NOTHING),
        own("Give lines", to_out, on=On.SELECTION, give=Give.SELECTION, key="&", take=Take.NOTHING),
        own("Give word", f'printf %s "$1" > {out}', "{selection}", on=On.SELECTION, key="L"),
        own("Give file", in_file, "{file}", on=On.LOG, key="Q", take=Take.NOTHING),
    )

    async def given(key: str, told: str) -> str:
        out.unlink(missing_ok=True)
        await board.press(key)
        await board.until(lambda: out.exists() and out.read_text().endswith(told), told)
        return out.read_text()

    async with open_board(profile, (120, 40), commands=commands) as board:
        await ended_run(client, board, runner_id("Hello"))
        run = board.dashboard.current_run
        assert run is not None
        payload = json.loads(await given("#", "}\n"))
        assert (payload["run"]["id"], payload["runner"]["name"]) == (run.id, "Hello")
        assert msgspec.convert(payload["run"], RunRecord) == run.record
        assert (await given("%", "three\n")).splitlines()[1:] == ["one", "two", "three"]
        private = await given("Q", "three\n")
        assert private.startswith("600 ")
        path = Path(private.split()[1])
        await board.until(lambda: not path.parent.exists(), "the folder is removed")
        await board.press("&")
        await board.sees("Select lines of the log first")
        board.dashboard.panes.focus(PaneName.LOG)
        await board.press("/", *"^t[wh]", "enter", "x")
        await board.sees("2 of 2 · only")
        assert await given("H", "three\n") == "two\nthree\n"
        await board.press("x", "g", "j", "v", "j")
        assert await given("&", "two\n") == "one\ntwo\n"
        assert await given("L", "two") == "one\ntwo"


async def test_output_in_the_pane_is_text_and_a_failure_is_told(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
) -> None:
    hostile = r"printf '\033[31mred\033[0m [bold]\033]0;title\007\n'; echo oops >&2; exit 3"
    flood = "head -c 3000000 /dev/zero | tr '\\0' a"
    commands = (
        own("Hostile", hostile, key="#", take=Take.PANE),
        own("Flood", flood, key="%", take=Take.PANE),
        own("Endless", "echo on; sleep 300", key="H", take=Take.PANE),
        own("Late", "sleep 300", key="&", timeout=timedelta(seconds=0.2)),
        own("Brief", "echo first; echo last", key="L"),
        OwnCommand(title="Absent", command=("no-such-program-here",), key="Q", take=Take.PANE),
    )
    async with open_board(profile, commands=commands) as board:
        await ended_run(client, board, runner_id("Hello"))
        await board.press("#")
        await board.sees("red [bold]", "oops", "sh failed: exit 3", "Esc closes")
        await board.press("escape", "%")
        await board.sees("Only the first", "more were written", "ended, exit 0")
        await board.press("escape", "H")
        await board.sees("on", "Esc ends it")
        screen = board.app.screen
        assert isinstance(screen, OutputScreen)
        await board.press("escape", "&")
        await board.sees("sh was ended after", "its time-out")
        await board.press("L")
        await board.sees("last")
        await board.press("Q")
        await board.sees("no-such-program-here could not be", "there is no such program")


async def test_a_confirmation_shows_the_command_and_the_safe_button_has_the_focus(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
    tmp_path: Path,
) -> None:
    made = tmp_path / "made"
    long = "Make the file that tells the others of this run, with a title that no border holds"
    commands = (own(long, f"touch {made}", "{run}", key="#", confirm=True),)
    async with open_board(profile, commands=commands) as board:
        await ended_run(client, board, runner_id("Hello"))
        run = board.dashboard.current_run
        assert run is not None
        await board.press("#")
        await board.sees("Run this command?", "that no border holds", "of Hello", "Cancel")
        await board.press("enter")
        await board.until(lambda: len(board.app.screen_stack) == 1)
        assert not made.exists()
        await board.press("#", "y")
        await board.until(made.exists)


async def test_a_profile_may_forbid_them_and_no_key_reaches_them(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    assert profile.key is not None
    monkeypatch.setenv("OF_THE_KEY", f"x{profile.key.reveal()}x")
    monkeypatch.setenv("NODION_API_KEY", "canary")
    seen = tmp_path / "seen"
    commands = (own("Environment", f"env > {seen}; echo >> {seen}", key="#"),)
    async with open_board(profile, commands=commands) as board:
        await ended_run(client, board, runner_id("Hello"))
        await board.press("#")
        await board.until(lambda: seen.exists() and seen.read_text().endswith("\n\n"))
        assert "PATH=" in seen.read_text()
        assert not {"OF_THE_KEY", "NODION_API_KEY", profile.key.reveal()} & {
            word for line in seen.read_text().split() for word in line.split("=")
        }
        assert profile.key.reveal() not in seen.read_text()
    seen.unlink()
    async with open_board(replace(profile, commands=False), commands=commands) as board:
        await board.sees("log complete")
        assert "# Environment" not in board.text
        await board.press("#")
        await board.sees("This profile forbids")
        assert not seen.exists()
