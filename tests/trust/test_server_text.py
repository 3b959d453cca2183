"""Text of a hostile service on every screen of the dashboard: shown, and sanitized."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer, Script, event
from tests.support.terminal import Terminal
from tests.trust.conftest import OpenTerminal, Serve
from tests.trust.hostile_text import CONTROL_PROBES, MARKUP_PROBES, obeyed_sequences

pytestmark = pytest.mark.pty


def named(probes: tuple[str, ...], what: str) -> list[str]:
    """Each probe between labels that show whether it is displayed."""
    return [f"{what}{index}:{probe}:" for index, probe in enumerate(probes)]


def says(status: int, payload: Any) -> Script:
    """Always sends the same answer."""

    async def answer(exchange: Exchange) -> None:
        await exchange.answer(status, payload)

    return answer


def run_rows(server: HostileServer, probes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Runs of the runner; the newest has the log."""
    rows = []
    for index, probe in enumerate(probes):
        moment = (datetime.now(UTC) - timedelta(minutes=index)).isoformat()
        hostile_fields: dict[str, Any] = {"entrypoint": f"E:{''.join(probes)}"}
        hostile_fields |= {"created_at": moment, "started_at": moment, "exit_code": index or None}
        if index:
            hostile_fields |= {"id": f"{index:08x}{probe}", "status": f"S{index}:{probe}"}
            hostile_fields |= {"command": f"C{index}:{probe}:"}
        else:
            hostile_fields |= {"id": RUN_ID, "argv": named(probes, "A")}
        rows.append(server.run() | hostile_fields)
    return rows


def runner_rows(probes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Runners; the first has the runs."""
    joined = "".join(probes)
    return [
        {
            "id": f"{index:04d}{probe}" if index else RUNNER_ID,
            "name": f"R{index:02}:{probe}:",
            "status": joined,
            "image_name": f"I:{joined}",
            "image_tag": joined,
            "run_command": f"D:{joined}",
            "argv": named(probes, "B"),
            "entrypoint": f"N:{joined}",
            "region": {"id": joined, "name": f"G:{joined}", "slug": joined, "status": joined},
            "container_registry": {"id": joined, "name": joined},
        }
        for index, probe in enumerate(probes)
    ]


def hostile(probes: tuple[str, ...], *, runs_shown: int | None = None) -> HostileServer:
    """Service with the probes in every field, in `runs_shown` runs."""
    server = HostileServer(bodies=named(probes, "L"))
    joined = "".join(probes)
    rows = run_rows(server, probes)[:runs_shown]

    async def runs(exchange: Exchange) -> None:
        await exchange.answer(200, {"runs": rows if RUNNER_ID in exchange.path else []})

    async def stream(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(exchange.after)
        if server.count("stream") == 1:
            await exchange.send(event("error", {"error": joined}))
        else:
            await exchange.silence()

    refused = says(
        422, {"error": f"X:{joined}", "errors": {"argv": [f"V:{joined}"], joined: ["x"]}}
    )
    server.always("runs", runs)
    server.always("run", says(200, {"run": rows[0]}))
    server.always("runners", says(200, {"runners": runner_rows(probes)}))
    server.always("stream", stream)
    server.always("trigger", refused)
    server.always("stop", refused)
    return server


def open_every_screen(terminal: Terminal) -> dict[str, str]:
    """Opens every screen that shows text of the service; returns the screens by name."""
    seen: dict[str, str] = {}

    def look(surface: str, what: str | Callable[[str], bool], *keys: str) -> None:
        terminal.press(*keys)
        seen[surface] = terminal.wait_for(what, 10)

    def leave(mark: str) -> None:
        terminal.press("escape")
        terminal.wait_for(lambda screen: mark not in screen, 10)

    look("lists and log", lambda screen: all(mark in screen for mark in ("R00:", "C1:", "L1:")))
    look("notice in the log", "the service reports")
    look("one runner", "Runs · R00:", "]")
    look("trigger", "Starts R00:", "t")
    look("refused trigger", lambda screen: "✗ " in screen and "Starts R00" in screen, "ctrl+j")
    leave("Starts R00:")
    look("stop", "Keep running", "X")
    look("refused stop", "Stop again", "tab", "enter")
    leave("Stop again")
    look("refused stop", "V:")
    look("re-run", "Re-run with edits", "R")
    leave("Re-run with edits")
    look("filter", "filter:", "/")
    look("filter", "/R07", "R", "0", "7")
    leave("/R07")
    look("palette", "command, runner, run id", "ctrl+p")
    leave("command, runner, run id")
    look("timeline", "Durations", "2")
    look("back", "╭ Log", "1")
    return seen


def test_no_control_character_of_a_service_reaches_the_terminal(
    serve: Serve, dashboard: OpenTerminal
) -> None:
    with dashboard(serve(hostile(CONTROL_PROBES)), columns=160, rows=130) as terminal:
        seen = open_every_screen(terminal)
        assert not obeyed_sequences(bytes(terminal.raw))
        assert terminal.process.poll() is None
    first = seen["lists and log"]
    for index in range(40):
        assert f"R{index:02}:" in first
        assert f"C{index or 1}:" in first
        assert f"A{index}:" in first
        # A CR, the probe 8, discards the start of its line.
        assert f"L{index}:" in seen["one runner"] or index == 8


def test_no_control_character_of_a_service_reaches_the_wall(
    serve: Serve, dashboard: OpenTerminal
) -> None:
    with dashboard(serve(hostile(CONTROL_PROBES, runs_shown=3)), columns=100, rows=40) as terminal:
        terminal.wait_for("C1:")
        terminal.press("3")
        terminal.wait_for(lambda screen: "R00:" in screen and "the service reports" in screen)
        assert not obeyed_sequences(bytes(terminal.raw))


def test_markup_of_a_service_is_shown_as_text(serve: Serve, dashboard: OpenTerminal) -> None:
    with dashboard(serve(hostile(MARKUP_PROBES)), columns=160, rows=60) as terminal:
        seen = open_every_screen(terminal)
        assert not obeyed_sequences(bytes(terminal.raw))
        assert terminal.process.poll() is None
    for index, probe in enumerate(MARKUP_PROBES):
        assert f"R{index:02}:{probe}:" in seen["lists and log"]
        assert f"L{index}:{probe}:" in seen["one runner"]
        assert f"A{index}:{probe}:" in seen["lists and log"]
    joined = "".join(MARKUP_PROBES)
    for surface, mark in (("refused trigger", "argv: V:"), ("stop", "E:"), ("refused stop", "V:")):
        assert f"{mark}{joined[:24]}" in seen[surface], surface
    assert f"the service reports: {joined}" in seen["notice in the log"]
