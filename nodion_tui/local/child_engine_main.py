"""Child side of `ChildEngine`: reads settings from stdin, writes the address to stdout."""

import asyncio
import sys

import msgspec

from nodion_tui.local.child_engine import ReadyMessage, decode_settings
from nodion_tui.local.execution.child_signals import give_children_default_signals
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.errors import ConfigError


async def main() -> None:
    """Serve until the end of standard input."""
    give_children_default_signals()
    settings = decode_settings(sys.stdin.buffer.readline())
    try:
        async with EngineServer(settings) as server:
            _write_message(ReadyMessage(url=server.url, key_file=str(server.key_file)))
            await _wait_for_stdin_end()
    except ConfigError as error:
        _write_message(ReadyMessage(problem=error.detail))


def _write_message(ready: ReadyMessage) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(ready) + b"\n")
    sys.stdout.buffer.flush()


async def _wait_for_stdin_end() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


if __name__ == "__main__":
    asyncio.run(main())
