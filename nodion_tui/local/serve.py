"""Runs the engine without a dashboard: `nodion-tui serve`."""

import asyncio
import signal
from collections.abc import Callable

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.child_signals import give_children_default_signals
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.running_engine import published

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def serve(settings: EngineSettings, ready: Callable[[EngineServer], None]) -> signal.Signals:
    """Serve until a signal arrives; active runs are terminated gracefully.

    Args:
        settings: settings of the engine.
        ready: called once the server accepts connections.

    Returns:
        The signal, so that the caller can derive the exit code.

    Raises:
        ConfigError: the data folder, the port or the runners cannot be used.
    """
    loop = asyncio.get_running_loop()
    received_signal: asyncio.Future[signal.Signals] = loop.create_future()

    def on_signal(number: signal.Signals) -> None:
        if not received_signal.done():
            received_signal.set_result(number)

    # A signal that was ignored at the start (nohup, a shell's background job) stays ignored.
    handled_signals = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    for number in handled_signals:
        loop.add_signal_handler(number, on_signal, number)
    give_children_default_signals()
    try:
        async with EngineServer(settings) as server:
            # For the dashboards and commands with `--local` and its folder.
            with published(server.key_file.parent, server.url, is_served=True):
                ready(server)
                return await received_signal
    finally:
        for number in handled_signals:
            loop.remove_signal_handler(number)
