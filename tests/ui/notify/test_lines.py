"""Lines that match a pattern are lit, are stops of `e`, and reach the user once."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.notify_rule import NotifyChannel
from nodion_tui.model.run import RunKey
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.log.view import LogView
from nodion_tui.ui.session.messages import OpenRun
from tests.support.faulty_engine import Fault, with_faults
from tests.support.onscreen import OnScreen, on_screen

TOAST = frozenset({NotifyChannel.TOAST})


@dataclass
class Cuts:
    """Cuts each stream after some bytes while it is on."""

    is_on: bool = False

    def __call__(self, _method: str, path: str) -> Fault | None:
        return Fault(cut_after=600) if self.is_on and path.endswith("/stream") else None


@pytest.fixture
def cuts() -> Cuts:
    return Cuts()


@pytest.fixture
def said(tmp_path: Path) -> Path:
    """What the job prints, as it is appended to this file."""
    (tmp_path / "said").write_text("".join(f"line {number}\n" for number in range(20)))
    return tmp_path / "said"


@pytest.fixture
def engine_settings(engine_settings: EngineSettings, said: Path, cuts: Cuts) -> EngineSettings:
    writer = RunnerSpec(
        name="Writer", image_name="test/writer", run_command=f"exec tail -n +1 -f '{said}'"
    )
    spec = replace(engine_settings, runners=(writer,))
    return with_faults(spec, cuts, stop_seconds=0.5)


@pytest.fixture
async def key(client: NodionClient) -> RunKey:
    """The run of the writer."""
    (runner,) = [each for each in (await client.list_runners()).items if each.name == "Writer"]
    return (await client.trigger(runner.id, TriggerRequest())).key


def say(said: Path, *lines: str) -> None:
    with said.open("a") as file:
        file.writelines(f"{line}\n" for line in lines)


async def open_log(shown: OnScreen, key: RunKey) -> None:
    await shown.sees("● running")
    shown.app.post_message(OpenRun(key))
    await shown.sees("Log · ", "▼ following")


def is_reversed(view: LogView, text: str) -> bool | None:
    """Whether a text is shown in reverse; None if it is not shown."""
    for y in range(view.size.height):
        for segment in view.row_segments(y, view.size.width).segments:
            if text in segment.text and segment.style is not None:
                return bool(segment.style.reverse)
    return None


def cursor_line(view: LogView) -> str:
    return view.viewport.buffer.entry(view.viewport.cursor).body


async def test_a_live_line_is_told_once_over_lost_streams_and_a_restart(
    profile: Profile, key: RunKey, said: Path, cuts: Cuts, tmp_path: Path
) -> None:
    cuts.is_on = True
    told = tmp_path / "told"
    command = ("sh", "-c", 'cat >> "$0"; echo >> "$0"', str(told))
    patterns = [
        LinePattern("out of memory", look=frozenset({"error", "reverse"}), command=command),
        LinePattern("another", look=frozenset({"success"}), tell=TOAST, name="seven"),
    ]
    options: dict[str, Any] = {"patterns": patterns, "data_folder": tmp_path / "data"}
    async with on_screen(profile, **options) as shown:
        await open_log(shown, key)
        monitor = shown.app.watcher.monitor
        assert monitor is not None
        session = monitor.logs.get(key)
        say(said, *["x" * 100] * 20, "\x1b[31mOut of\x1b[0m memory: killed")
        await shown.until(lambda: session.state.reconnects, "a lost stream")
        cuts.is_on = False
        await shown.until(lambda: told.exists() and "\n" in told.read_text(), "the command")
        say(said, "out of memory", "another line")
        await shown.sees("Writer: seven", "│•", "another line · run")
        view = shown.app.screen.query_one(LogView)
        await shown.until(lambda: is_reversed(view, "another line") is False, "another line")
        assert is_reversed(view, "Out of memory")
        view.focus()
        await shown.press("g", "e")
        await shown.until(lambda: "memory: killed" in cursor_line(view), "e")
    async with on_screen(profile, **options) as shown:
        await open_log(shown, key)
        say(said, "out of memory", "another end")
        await shown.sees("another end")
        assert "seven" not in shown.text
    (text,) = told.read_text().splitlines()
    content = json.loads(text)
    assert content["line"] == "Out of memory: killed"
    assert (content["run"]["id"], content["runner"]["name"]) == (key.run_id, "Writer")
    assert (content["rule"], content["other_runs"]) == ("out of memory", [])


async def test_a_watched_pattern_is_told_of_runs_that_are_not_on_the_screen(
    profile: Profile, client: NodionClient, key: RunKey, said: Path, tmp_path: Path
) -> None:
    other = (await client.trigger(key.runner_id, TriggerRequest())).key
    script = 'cat > "$0-$$.part"; mv "$0-$$.part" "$0-$$.told"'
    read, watched = tmp_path / "read", tmp_path / "watched"
    patterns = [
        LinePattern("an alarm", command=("sh", "-c", script, str(read))),
        LinePattern("an alarm", command=("sh", "-c", script, str(watched)), watch=True),
    ]
    async with on_screen(profile, patterns=patterns) as shown:
        await open_log(shown, key)
        monitor = shown.app.watcher.monitor
        assert monitor is not None
        await shown.until(lambda: monitor.streams.quiet.is_held(other), "a quiet stream")
        say(said, "an alarm")

        def told(path: Path) -> set[str]:
            files = tmp_path.glob(f"{path.name}-*.told")
            return {json.loads(file.read_text())["run"]["id"] for file in files}

        await shown.until(lambda: len(told(watched)) == 2, "both runs")
        await shown.until(lambda: told(read), "the run whose log is open")
        assert told(read) == {key.run_id}
