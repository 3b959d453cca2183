"""`serve`: the embedded engine alone."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from nodion_tui.cli.options import IntegerInRange
from nodion_tui.cli.output.streams import Output
from nodion_tui.config import data_folder
from nodion_tui.model.trigger import format_argv

if TYPE_CHECKING:
    from nodion_tui.local.engine_settings import ExecutorName
    from nodion_tui.local.http.server import EngineServer

DEFAULT_PORT = 8765
"""The same at every start, so that what was set for a client stays right."""
ENGINE_FOLDER = "engine"
"""Below the data folder, unless --data names one."""
DEFAULT_MAX_RUNNING = 8
DEFAULT_PAGE_SIZE = 1000


@click.command()
@click.option(
    "--port",
    type=IntegerInRange(0, 65535),
    default=DEFAULT_PORT,
    metavar="N",
    show_default=True,
    help="Port on loopback; 0 takes a free one.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep runs, logs and the key there.",
)
@click.option(
    "--executor",
    type=click.Choice(["process", "podman", "docker"]),
    default="process",
    show_default=True,
    help="What a run is: a process of this machine, or a container.",
)
@click.option(
    "--config",
    "runners_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Your own runners (local.toml); the demo ones unless told.",
)
@click.option(
    "--max-running",
    type=IntegerInRange(1, 1000),
    default=DEFAULT_MAX_RUNNING,
    metavar="N",
    show_default=True,
    help="Runs that execute at once; more wait as pending.",
)
@click.option(
    "--page-size",
    type=IntegerInRange(1, 100_000),
    default=DEFAULT_PAGE_SIZE,
    metavar="N",
    show_default=True,
    help="Lines in one page of a log, at most.",
)
@click.option(
    "--requests-per-minute",
    type=IntegerInRange(1),
    metavar="N",
    help="Answer more with 429, as the service may; no limit unless told.",
)
@click.option(
    "--init",
    "first_file",
    is_flag=True,
    help="Write a commented local.toml (or the --config FILE) to start from, and end.",
)
@click.option("--show-key", is_flag=True, help="Print the key, and one that may only read.")
def serve(
    port: int,
    data: Path | None,
    executor: str,
    runners_file: Path | None,
    max_running: int,
    page_size: int,
    requests_per_minute: int | None,
    *,
    first_file: bool,
    show_key: bool,
) -> int:
    """Run the embedded engine: the same API on loopback, with real processes or containers.

    Prints where it listens and where its key is kept. Ends with ctrl+c or SIGTERM, and ends its
    runs with it.
    """
    if first_file:
        return _write_first_file(runners_file or Path("local.toml"))
    from nodion_tui.local.engine_settings import EngineSettings  # noqa: PLC0415  # as above
    from nodion_tui.local.serve import serve as serve_engine  # noqa: PLC0415  # the web server

    settings = EngineSettings(
        data_dir=(data or data_folder() / ENGINE_FOLDER).expanduser().absolute(),
        port=port,
        executor=cast("ExecutorName", executor),
        runners_file=None if runners_file is None else runners_file.absolute(),
        max_running=max_running,
        page_size=page_size,
        requests_per_minute=requests_per_minute,
    )
    out = Output()
    ended_by = asyncio.run(serve_engine(settings, lambda server: _tell(out, server, show_key)))
    return 128 + ended_by


def _write_first_file(path: Path) -> int:
    from nodion_tui.local.runners.starter_file import write_starter_file  # noqa: PLC0415  # only then

    write_starter_file(path)
    Output().line(f"wrote {path}; start it with: nodion-tui serve --config {path}")
    return 0


def _tell(out: Output, server: "EngineServer", show_key: bool) -> None:  # noqa: FBT001  # private
    out.line(f"listening on {server.url}")
    out.line(f"the key is kept in {server.key_file}")
    if show_key:
        out.line(f"key: {server.key.reveal()}")
        out.line(f"key that may only read: {server.read_key.reveal()}")
    if out.is_terminal and sys.stderr.isatty():
        path = format_argv((str(server.key_file),))
        out.notice("to use it from another terminal, say there:")
        out.notice(f'  export NODION_API_URL={server.url} NODION_API_KEY="$(cat {path})"')
        out.notice("ctrl+c ends it, and its runs with it")
