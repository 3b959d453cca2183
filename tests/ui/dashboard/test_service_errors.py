"""What the dashboard says when the service, the key or the answers are not as they should be."""

import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from textual import events
from textual.widgets import Input

from nodion_tui.api.client import NodionClient
from nodion_tui.config import (
    KeySource,
    Profile,
    RunnerRef,
    Secret,
    Source,
    read_settings,
    with_key,
)
from nodion_tui.config.first_profile import save_profile
from nodion_tui.config.private_files import write_private_file
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.errors import ConfigError
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.chrome.title_text import title_text
from nodion_tui.ui.session.watcher import ProfileSaver
from nodion_tui.ui.trigger.flow import SENDING_DIALOG_DELAY
from tests.support.faulty_engine import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Faults, Open

NONE = TriggerRequest()
JSON = {"Content-Type": "application/json"}


def body(**content: object) -> Fault:
    return Fault(status=200, headers=JSON, body=json.dumps(content).encode())


async def test_an_outage_is_told_and_waited_out(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    faults: "Faults",
    open_board: "Open",
) -> None:
    await client.trigger(runner_id("Hello"), NONE)
    async with open_board(profile) as board:
        await board.sees("✓ succeeded", "up to date")
        faults.by_start["GET /runners"] = Fault(status=503)
        await board.press("r")
        await board.sees("○ unreachable since", "retry in", "✓ succeeded")
        faults.by_start.clear()
        await board.press("r")
        await board.sees("◉ up to date")


async def test_how_old_it_is_is_told_whatever_stands_in_the_way(
    profile: Profile, faults: "Faults", open_board: "Open"
) -> None:
    async with open_board(profile) as board:
        await board.sees("up to date")
        monitor = board.app.watcher.monitor
        assert monitor is not None

        def link(seconds: float) -> str:
            return title_text(monitor, (), 0, time.monotonic() + seconds).freshness

        assert re.fullmatch(r"checked (30|35) s ago", link(34))
        assert link(110) == "checked 1 min ago"
        monitor.poller.pause()
        assert link(20) == "paused"
        assert re.fullmatch(r"paused · data (30|35) s old", link(34))
        assert link(3590) == "paused · data 59 min old"
        monitor.poller.resume()
        assert link(21) == "checked < 30 s ago"
        assert title_text(monitor, (), 0, time.monotonic() + 21).health == "plain"
        assert title_text(monitor, (), 0, time.monotonic() + 40).health == "warning"
        faults.by_start["GET /runners"] = Fault(status=503)
        await board.press("r")
        await board.sees("○ unreachable since")
        shown = r"unreachable since [\d:]+ · data (30|35|40) s old · retrying"
        assert re.fullmatch(shown, link(34))


async def test_nobody_there_at_all(open_board: "Open") -> None:
    nobody = Profile(name="gone", api_url="http://127.0.0.1:1/v1", key=Secret("k"))
    async with open_board(nobody) as board:
        await board.sees("gone", "○ unreachable since", "Service unreachable")


async def test_a_wrong_key_says_so_and_keeps_running(profile: Profile, open_board: "Open") -> None:
    async with open_board(replace(profile, key=Secret("wrong"))) as board:
        await board.sees("○ invalid API key since", "Press r to enter another key", "r enter key")
        assert board.text.count("Invalid API key") == 1, "the list, and no notice above it"
        await board.press("?")
        await board.sees("Keys")


async def test_a_wrong_key_of_a_file_says_once_where_to_put_another(
    profile: Profile, tmp_path: Path, open_board: "Open"
) -> None:
    key_file = tmp_path / "test.key"
    write_private_file(key_file, b"wrong-key")
    source = KeySource("file", Source("file", "config.toml", 3), str(key_file))
    wrong = replace(profile, key=Secret("wrong-key"), key_source=source)
    async with open_board(wrong) as board:
        for _ in range(2):
            await board.sees("○ invalid API key since", "Put a valid key into file", "r read key")
            assert board.text.count("Invalid API key") == 1
            assert not re.search("reconnect|another key|NODION_API_KEY|expired", board.text)
            await board.press("r")
        assert profile.key is not None
        write_private_file(key_file, profile.key.reveal().encode())
        await board.press("r")
        await board.sees("◉ up to date")


async def test_a_service_that_lists_no_runners(tmp_path: Path, open_board: "Open") -> None:
    async with EngineServer(EngineSettings(data_dir=tmp_path, list_runners=False)) as server:
        runner_refs = (
            RunnerRef("a1b2c3d4-e5f6-7890-abcd-ef1234567890", "Mine"),
            RunnerRef("0815abcdef"),
        )
        profile = Profile(name="few", api_url=server.url, key=server.key, runners=runner_refs)
        async with open_board(profile) as board:
            await board.sees("Mine", "0815abcd", "GET /runners answered 404", "2 runners")


async def test_a_service_that_lists_no_runners_for_a_profile_that_names_none(
    tmp_path: Path, open_board: "Open"
) -> None:
    settings = EngineSettings(data_dir=tmp_path, list_runners=False)
    async with (
        EngineServer(settings) as server,
        open_board(Profile(name="few", api_url=server.url, key=server.key)) as board,
    ):
        await board.sees("Runner list refused (GET /runners answered 404): name runners in")


async def test_a_key_for_reading_alone(tmp_path: Path, open_board: "Open") -> None:
    reader = Secret("read-only-key")
    async with EngineServer(EngineSettings(data_dir=tmp_path, read_key=reader)) as server:
        profile = Profile(name="watch", api_url=server.url, key=reader)
        async with open_board(profile) as board:
            await board.sees("Flaky import")
            await board.select_runner("Flaky import")
            await board.press("t")
            await board.sees("Trigger a run")
            await board.press("ctrl+j")
            await board.sees("Permission denied")
            await board.press("escape")
            await board.sees("read-only")


async def test_rows_that_are_not_as_documented_cost_themselves_alone(
    profile: Profile, runner_id: "Callable[[str], str]", faults: "Faults", open_board: "Open"
) -> None:
    good = {"id": "good", "status": "novel", "created_at": "2026-01-15T10:00:00+01:00"}
    where = f"GET /runners/{runner_id('Hello')}/runs"
    faults.by_start[where] = body(runs=[good, {"id": "bad", "status": 7}])
    async with open_board(profile, size=(160, 36)) as board:
        await board.sees("? novel", "1 malformed run of Hello skipped", "status")


async def test_a_body_that_is_no_json_names_the_endpoint(
    profile: Profile, faults: "Faults", open_board: "Open"
) -> None:
    page = Fault(status=200, headers={"Content-Type": "text/html"}, body=b"<html>Log in</html>")
    faults.by_start["GET /runners"] = page
    async with open_board(profile, size=(160, 36)) as board:
        await board.sees("Unexpected response")
        assert "<html>" not in board.text


NASTY = "[/nope] [@click=app.quit]x[/] \x1b[2J\x1b]0;t\x07 \x00 \x9b31m \u202e \ud800 日本 é"


async def test_text_of_the_server_is_shown_and_inert(
    profile: Profile, faults: "Faults", open_board: "Open"
) -> None:
    runner = {"id": NASTY, "name": NASTY, "image_name": NASTY, "run_command": NASTY}
    run = {"id": NASTY, "status": NASTY, "argv": [NASTY], "entrypoint": NASTY}
    faults.by_start["GET /runners/"] = body(runs=[run, {"id": NASTY + "2", "status": 1}])
    faults.by_start["GET /runners"] = body(runners=[runner], **{NASTY: NASTY})
    async with open_board(profile, size=(300, 60)) as board:
        await board.sees("[/nope]", "␛[2J", "<U+202E>", "日本")
        painted = {character for line in board.lines for character in line}
        assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in painted)
        assert "\u202e" not in painted


async def test_an_unsettled_trigger_is_told_and_its_candidate_shown(
    profile: Profile, faults: "Faults", open_board: "Open"
) -> None:
    faults.by_start["POST"] = Fault(cut_after=0, delay=SENDING_DIALOG_DELAY + 0.3)
    async with open_board(profile) as board:
        await board.select_runner("Hello")
        await board.press("t")
        await board.sees("Trigger a run")
        await board.press("ctrl+j")
        await board.sees("Sent, no answer yet", "Starting Hello at")
        await board.sees("Was it started?", "One new run matches the request")
        await board.press("enter")
        await board.sees("✓ succeeded", "three")


async def test_an_unsettled_trigger_that_never_arrived_can_be_looked_for_and_sent_by_hand(
    profile: Profile, faults: "Faults", open_board: "Open"
) -> None:
    faults.by_start["POST"] = Fault(status=502)
    async with open_board(profile) as board:
        await board.select_runner("Hello")
        await board.press("t")
        await board.sees("Trigger a run")
        await board.press("ctrl+j")
        await board.sees("Was it started?", "No new run since it was sent")
        await board.press("enter")
        await board.sees("Was it started?", "No new run since it was sent")
        await board.press("tab", "enter")
        await board.sees("Trigger a run")
        faults.by_start.clear()
        await board.press("ctrl+j")
        await board.sees("✓ succeeded", "three")


async def test_a_refused_trigger_opens_again_with_the_reason(
    profile: Profile, faults: "Faults", open_board: "Open"
) -> None:
    refusal = json.dumps({"errors": {"entrypoint": ["is not allowed here"]}}).encode()
    faults.by_start["POST"] = Fault(status=400, headers=JSON, body=refusal)
    async with open_board(profile) as board:
        await board.select_runner("Hello")
        await board.press("t")
        await board.sees("Trigger a run")
        await board.press("ctrl+j")
        await board.sees("is not allowed here")


async def test_a_profile_that_cannot_be_had_is_told(open_board: "Open") -> None:
    profile = Profile()

    @asynccontextmanager
    async def connect() -> AsyncIterator[Profile]:
        if not profile.key:
            raise ConfigError("key_command: exit code 1")
        yield profile

    async with open_board(profile, connect=connect) as board:
        await board.sees("Invalid configuration · key_command: exit code ")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 10)])
async def test_first_start_without_a_key(
    size: tuple[int, int], profile: Profile, open_board: "Open"
) -> None:
    nothing = replace(profile, key=None)
    saved_profiles: list[Profile] = []

    def write(typed: Profile) -> Path:
        saved_profiles.append(typed)
        return Path("kept")

    async with open_board(nothing, size=size, keep=ProfileSaver(write, is_first=False)) as board:
        await board.sees("no API key")
        await board.press(*"wrong", "enter")
        await board.sees("Invalid API key")
        key = board.app.screen.query_one("#setup-key")
        assert profile.key is not None
        key.value = profile.key.reveal()  # type: ignore[attr-defined]  # an Input
        assert profile.key.reveal() not in board.text
        await board.press("tab", "tab", "space", "shift+tab", "enter")
        await board.until(lambda: board.dashboard.lists.runners.row_count == 6, "the runners")
        assert [saved.key for saved in saved_profiles] == [profile.key]


async def test_first_start_can_write_a_first_profile(
    profile: Profile, tmp_path: Path, open_board: "Open"
) -> None:
    assert profile.key is not None
    nothing = replace(profile, key=None, name="default")
    keep = ProfileSaver(partial(save_profile, tmp_path), is_first=True)
    async with open_board(nothing, keep=keep) as board:
        await board.sees("no API key")
        board.app.screen.query_one("#setup-key", Input).value = profile.key.reveal()
        board.app.screen.query_one("#setup-name", Input).value = "work place"
        board.app.screen.query_one("#setup-keep").focus()
        await board.press("space", "shift+tab", "enter")
        await board.sees("Invalid profile name: use letters, digits and _ . -.")
        board.app.screen.query_one("#setup-name", Input).value = "work"
        await board.press("ctrl+j")
        await board.sees(" work ", "Hello", "Saved in")
    loaded = read_settings(environ={"NODION_TUI_CONFIG": str(tmp_path)})
    watched = replace(with_key(loaded.profile), key_source=None, sources={})
    assert watched == replace(profile, name="work")


@pytest.mark.parametrize("size", [(120, 36), (40, 10)])
async def test_first_start_offers_the_demo(
    size: tuple[int, int], tmp_path: Path, open_board: "Open"
) -> None:
    @asynccontextmanager
    async def demo() -> AsyncIterator[Profile]:
        settings = EngineSettings(data_dir=tmp_path / "demo", demo="live", shutdown_seconds=0.1)
        async with EngineServer(settings) as server:
            yield Profile(name="demo", api_url=server.url, key=server.key, engine="demo")

    kept = tmp_path / "kept"
    async with open_board(Profile(), size, demo=demo, data_folder=kept) as board:
        await board.sees(" 1   Paste an API key", " 2   Try it here", "Start the demo")
        await board.press("2")
        await board.sees("demo: simulated data", "Esc hides", "● running")
        await board.press("enter")
        await board.sees("job done")
        await board.press("escape")
        await board.until(lambda: "simulated" not in board.text, "no coach line")
    assert not kept.exists()  # neither rhythms nor anything else


async def test_a_pasted_key_goes_into_its_field_wherever_the_focus_is(open_board: "Open") -> None:
    async with open_board(Profile(), demo=lambda: nullcontext(Profile())) as board:
        await board.sees("Start the demo")
        board.app.post_message(events.Paste(" pasted-key\n"))
        key = board.app.screen.query_one("#setup-key", Input)
        await board.until(lambda: key.value == "pasted-key" and key.has_focus, "the key")


async def test_an_empty_engine_of_ones_own_names_the_demo(
    profile: Profile, open_board: "Open"
) -> None:
    async with open_board(replace(profile, engine="ephemeral")) as board:
        await board.sees("No runs so far.", "For a busy example: nodion-tui --demo")
