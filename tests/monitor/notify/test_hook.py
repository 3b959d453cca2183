import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from nodion_tui.config.profile import Secret
from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.run import Run, RunRecord
from nodion_tui.monitor.notify.hook import (
    MAX_CONCURRENT,
    HookResult,
    HookRunner,
    _signal,
    without_secrets,
)
from nodion_tui.monitor.notify.rules import RunNotification

AT = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
RUN = RunRecord(
    id="1", runner_id="r-1", status="failed", exit_code=1, argv=("x",), completed_at=AT
).run
KEY = "canary-5f2c"

LEAVES_A_CHILD = """
import subprocess, sys
child = subprocess.Popen(["sleep", "60"], start_new_session=True)
open(sys.argv[1], "w").write(str(child.pid))
"""


def notice(*command: str) -> RunNotification:
    return RunNotification(
        NotifyRule(name="pager", command=command), RUN, "Backup", AT, timedelta(seconds=3)
    )


def hooks(timeout: float = 20.0, **environ: str) -> HookRunner:
    return HookRunner({"PATH": os.environ["PATH"], **environ}, [Secret(KEY)], timeout=timeout)


async def until(condition: Callable[[], object]) -> None:
    """Wait for an effect of another process, for which there is no event."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  # see above
            await asyncio.sleep(0.01)


def text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def test_the_command_reads_the_run_as_json(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = await hooks().run(notice("sh", "-c", 'cat > "$1"', "sh", str(out)), "p")
    assert result == HookResult("sh", 0)
    payload = json.loads(out.read_bytes())
    assert (payload["rule"], payload["profile"]) == ("pager", "p")
    assert payload["runner"] == {"id": "r-1", "name": "Backup"}
    assert payload["run"]["status"] == "failed"
    assert payload["run"]["argv"] == ["x"]
    assert msgspec.convert(payload["run"], RunRecord) == RUN.record
    assert set(payload["run"]) == set(RunRecord.__struct_fields__)


async def test_no_shell_sees_the_arguments(tmp_path: Path) -> None:
    out = tmp_path / "out; $(touch pwned)"
    assert (await hooks().run(notice("tee", str(out)), "p")).exit_code == 0
    assert out.exists()


async def test_the_key_is_nowhere_in_its_environment(tmp_path: Path) -> None:
    out = tmp_path / "out"
    running = hooks(NODION_API_KEY="other", MY_KEY=f"Bearer {KEY}", HARMLESS="yes")
    await running.run(notice("sh", "-c", 'env > "$1"', "sh", str(out)), "p")
    seen = out.read_text()
    assert "HARMLESS=yes" in seen
    assert KEY not in seen
    assert "NODION_API_KEY" not in seen


def test_variables_of_other_keys_are_removed_too() -> None:
    environ = {"PROD_KEY": "x", "A": "b", "NODION_API_KEY": "y"}
    assert without_secrets(environ, [], ["PROD_KEY"]) == {"A": "b"}


@pytest.mark.parametrize(
    ("command", "result"),
    [
        (("sh", "-c", "exit 3"), HookResult("sh", 3, "sh failed: exit 3")),
        (("sh", "-c", "kill -9 $$"), HookResult("sh", -9, "sh failed: signal 9")),
        (
            ("/none/such", KEY),
            HookResult("such", None, "such could not be started: No such file or directory"),
        ),
        (("a\0b",), HookResult("a\0b", None, "a\0b could not be started: embedded null byte")),
    ],
)
async def test_a_failed_command_is_reported(command: tuple[str, ...], result: HookResult) -> None:
    assert await hooks().run(notice(*command), "p") == result


async def test_the_last_line_of_a_failed_command_is_told_without_secrets() -> None:
    script = 'echo first; printf "\\033[31mcannot send %s to\\r\\n\\n" "$1" >&2; exit 6'
    result = await hooks().run(notice("sh", "-c", script, "sh", f"Bearer {KEY}"), "p")
    assert result.text.startswith("sh failed: exit 6: cannot send Bearer •")
    assert result.text.endswith(" to")
    assert KEY not in result.text
    # A secret is found in the middle of a sequence, and where the kept output begins within it.
    split = f'printf "\\033[31m{KEY[:6]}\\033[0m{KEY[6:]}"; exit 1'
    assert KEY not in (await hooks().run(notice("sh", "-c", split), "p")).last_line
    for more in range(len(KEY)):
        flood = f'printf "{KEY}"; head -c {8192 - more} /dev/zero | tr "\\0" x; exit 1'
        assert KEY[-4:] not in (await hooks().run(notice("sh", "-c", flood), "p")).last_line
    quiet = await hooks(PAGER_TOKEN="tok-9917").run(
        notice("sh", "-c", 'echo "$PAGER_TOKEN is not valid"; exit 1'), "p"
    )
    assert quiet.last_line == "•••••••• is not valid"


async def test_a_command_that_floods_is_stopped_with_its_children(tmp_path: Path) -> None:
    out = tmp_path / "pid"
    script = 'yes no & echo $! > "$1"; wait'
    result = await hooks().run(notice("sh", "-c", script, "sh", str(out)), "p")
    assert result.text == "sh was stopped, as it printed more than 1,000,000 bytes: no"
    await until(lambda: not is_alive(int(text(out))))


async def test_a_child_that_holds_the_output_open_keeps_nobody_waiting() -> None:
    async with asyncio.timeout(10):
        result = await hooks().run(notice("sh", "-c", "sleep 20 & echo gone; exit 2"), "p")
    assert result.text == "sh failed: exit 2: gone"


async def test_a_command_may_ignore_its_stdin() -> None:
    assert (await hooks().run(notice("true"), "p")).exit_code == 0


async def test_a_child_that_holds_the_input_open_keeps_nobody_waiting(tmp_path: Path) -> None:
    """More than a pipe holds, which nobody reads: the child is in a session of its own."""
    out = tmp_path / "pid"
    left = (sys.executable, "-c", LEAVES_A_CHILD, str(out))
    big = replace(notice(*left), run=Run(id="1", status="failed", command="x" * 1_000_000))
    async with asyncio.timeout(10):
        assert await hooks().run(big, "p") == HookResult(Path(sys.executable).name, 0)
    os.kill(int(text(out)), signal.SIGKILL)


async def test_a_command_that_times_out_is_killed_with_its_children(tmp_path: Path) -> None:
    out = tmp_path / "pid"
    script = 'sleep 600 & echo $! > "$1"; echo waiting for the pager; wait'
    result = await hooks(timeout=0.5).run(notice("sh", "-c", script, "sh", str(out)), "p")
    assert result == HookResult("sh", None, "sh timed out after 0.5 s", "waiting for the pager")
    await until(lambda: not is_alive(int(text(out))))


async def test_a_cancelled_hook_leaves_no_process(tmp_path: Path) -> None:
    out = tmp_path / "pid"
    script = 'trap "" TERM; echo $$ > "$1"; while :; do sleep 600; done'
    task = asyncio.create_task(hooks().run(notice("sh", "-c", script, "sh", str(out)), "p"))
    await until(lambda: text(out).endswith("\n"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not is_alive(int(text(out))))


async def test_concurrent_commands_are_limited(tmp_path: Path) -> None:
    started = tmp_path / "started"
    running = hooks()
    command = ("sh", "-c", 'echo x >> "$1"; sleep 600', "sh", str(started))
    tasks = [
        asyncio.create_task(running.run(notice(*command), "p")) for _ in range(MAX_CONCURRENT + 1)
    ]
    await until(lambda: text(started).count("x") == MAX_CONCURRENT)
    for task in tasks[:MAX_CONCURRENT]:
        task.cancel()
    await until(lambda: text(started).count("x") == MAX_CONCURRENT + 1)
    tasks[-1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def processes_with(argument: str) -> list[str]:
    processes = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            processes += [str(entry)] if argument.encode() in entry.read_bytes() else []
    return processes


async def test_a_cancel_at_any_moment_leaves_no_process(tmp_path: Path) -> None:
    marker = str(tmp_path)
    command = ("sh", "-c", f"sh -c 'sleep 600; : {marker}'; :", "sh", marker)
    for moment in range(20):
        task = asyncio.create_task(hooks().run(notice(*command), "p"))
        await asyncio.sleep(moment * 0.0003)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await until(lambda: not processes_with(marker))


async def test_a_reused_process_id_is_not_signalled() -> None:
    """The id of a reaped process may be reused."""
    another = await asyncio.create_subprocess_exec("sleep", "60", start_new_session=True)
    waited_for: Any = SimpleNamespace(pid=another.pid, returncode=0)
    _signal(waited_for, signal.SIGKILL)
    another.send_signal(signal.SIGTERM)
    assert await another.wait() == -signal.SIGTERM
