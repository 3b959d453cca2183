"""Terminal notifications, and state that is restored at the next start."""

import asyncio
import re
import sys
import threading
from pathlib import Path

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.trigger import TriggerRequest
from tests.support.terminal import Terminal

pytestmark = pytest.mark.pty

PROGRAM = str(Path(sys.executable).with_name("nodion-tui"))
CONFIG = """\
profile = "work"
[profiles.work]
api_url = "{url}"
[[rules]]
status = "failed"
tell = ["bell", "desktop"]
"""


async def test_a_failure_is_notified_and_the_mode_is_restored(
    engine: EngineServer, client: NodionClient, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.mkdir(mode=0o700)
    (config / "config.toml").write_text(CONFIG.format(url=engine.url))
    key = config / "work.key"
    key.touch(mode=0o600)
    key.write_text(engine.key.reveal())
    env = {"NODION_TUI_CONFIG": str(config), "NODION_TUI_DATA": str(tmp_path / "data")}
    runner = next(item for item in (await client.list_runners()).items if item.name == "Failing")

    ready = threading.Event()

    def first() -> bytes:
        with Terminal([PROGRAM], env=env) as terminal:
            terminal.wait_for("up to date")
            terminal.press("j", "j", "j")
            terminal.wait_for("Runs · Failing")
            ready.set()
            terminal.wait_for("exit code 3")
            terminal.wait_for(lambda _: b"\x1b]9;" in terminal.raw)
            terminal.press("2")
            terminal.wait_for("Timeline ·")
            terminal.press("ctrl+q")
            assert terminal.wait_exit() == 0
            assert terminal.is_restored()
            return bytes(terminal.raw)

    def second() -> bytes:
        with Terminal([PROGRAM], env=env) as terminal:
            terminal.wait_for("Timeline ·")
            terminal.press("ctrl+q")
            assert terminal.wait_exit() == 0
            return bytes(terminal.raw)

    running = asyncio.create_task(asyncio.to_thread(first))
    await asyncio.to_thread(ready.wait)
    await client.trigger(runner.id, TriggerRequest())
    raw = await running
    assert re.search(rb"\x1b\]9;Failing failed: exit 3 [^\x07]+\x07", raw)
    assert raw.index(b"\x1b[22;2t") < raw.index(b"\x1b]2;nodion work\x07")
    assert "\x1b]2;1✗ nodion work\x07".encode() in raw
    assert raw.rindex(b"\x1b[23;2t") > raw.rindex(b"\x1b]2;")
    assert engine.key.reveal().encode() not in raw
    await asyncio.to_thread(second)
