"""Child side of `ChildEngine`: reads settings from stdin, writes the address to stdout."""

import asyncio
import contextlib
import sys

import msgspec

from nodion_tui.local.child_engine import STAYS, ReadyMessage, decode_settings
from nodion_tui.local.execution.child_signals import give_children_default_signals
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.running_engine import PublishedAddress, published
from nodion_tui.local.storage.folder_lock import FolderInUse
from nodion_tui.model.errors import ConfigError

CHECK_SECONDS = 0.5
"""How often an engine whose starter has ended checks whether it is still needed."""


async def main() -> None:
    """Serve until the end of standard input, and then as long as the engine is needed."""
    give_children_default_signals()
    settings = decode_settings(sys.stdin.buffer.readline())
    try:
        async with EngineServer(settings) as server:
            ready = ReadyMessage(url=server.url, key_file=str(server.key_file))
            with published(server.key_file.parent, server.url) as address:
                _write_message(msgspec.json.encode(ready) + b"\n")
                await _wait_for_stdin_end()
                if settings.data_dir is not None:
                    await _stay_while_needed(server, address)
    except ConfigError as error:
        problem = ReadyMessage(problem=error.detail, in_use=isinstance(error, FolderInUse))
        _write_message(msgspec.json.encode(problem) + b"\n")


async def _stay_while_needed(server: EngineServer, address: PublishedAddress) -> None:
    """Wait until no dashboard is attached and no runs are left; tells the starter if it waits."""
    message = STAYS
    while address.is_needed(has_runs=server.has_runs):
        with contextlib.suppress(OSError):  # the starter was killed
            _write_message(message)
        message = b""
        await asyncio.sleep(CHECK_SECONDS)


def _write_message(message: bytes) -> None:
    sys.stdout.buffer.write(message)
    sys.stdout.buffer.flush()


async def _wait_for_stdin_end() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


if __name__ == "__main__":
    asyncio.run(main())
