"""`serve`: runs the embedded engine without a dashboard."""

import asyncio
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nodion_tui.cli.options import number_option
from nodion_tui.cli.output.streams import Output
from nodion_tui.config import data_folder
from nodion_tui.config.paths import expand_home
from nodion_tui.model.text.durations import parse_duration
from nodion_tui.model.trigger import format_argv

if TYPE_CHECKING:
    from nodion_tui.local.engine_settings import ExecutorName
    from nodion_tui.local.http.server import EngineServer


_COLLECTION = 700
"""Container objects until garbage is collected: Python's default, for a process that stays."""


class RetentionType(click.ParamType["float | None"]):
    """How long logs are kept, in seconds; None for `never`: they are never deleted."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | None:
        """Parses the typed value."""
        if value == "never":
            return None
        try:
            seconds = parse_duration(value).total_seconds()
        except ValueError as error:
            self.fail(f"{error}, or never", param, ctx)
        if seconds < 1:
            self.fail(f"{value!r} is too short: 1s or more, or never", param, ctx)
        return seconds


_EXAMPLES = """\b
Examples:
  nodion-tui serve
  nodion-tui serve --port 0 --data ~/runs --executor podman
"""


@click.command(epilog=_EXAMPLES)
@number_option(
    "--port",
    minimum=0,
    maximum=65535,
    default=8765,  # fixed, so that the settings of a client stay valid
    help="Port on loopback; 0: any free port.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Data folder for runs, logs and the key (default: in the program's data folder).",
)
@click.option(
    "--executor",
    type=click.Choice(["process", "podman", "docker", "swarm"]),
    default="process",
    show_default=True,
    help="Run jobs as processes of this machine, in its containers, or on a Docker Swarm.",
)
@click.option(
    "--config",
    "runners_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="File with your own runners, such as local.toml (default: demo runners).",
)
@number_option(
    "--max-running",
    minimum=1,
    maximum=1000,
    default=8,
    help="Maximum number of concurrent runs; others wait as pending.",
)
@number_option(
    "--page-size",
    minimum=1,
    maximum=100_000,
    default=1000,
    help="Maximum number of lines in a page of a log.",
)
@number_option(
    "--requests-per-minute", minimum=1, help="Answer excess requests with 429 (default: no limit)."
)
@click.option(
    "--keep-logs",
    "keep_logs_seconds",
    type=RetentionType(),
    default="never",
    show_default=True,
    metavar="DURATION",
    help="Delete the log of a run this long after its end, such as 1h or 7d; never: not at all.",
)
@click.option(
    "--init",
    is_flag=True,
    help="Write a commented local.toml (or the --config FILE) and exit.",
)
@click.option(
    "--check",
    "folder_to_check",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Verify the database of a data folder without changing it, and exit (1: damaged).",
)
@click.option("--show-key", is_flag=True, help="Also print the key and a read-only key.")
def serve(
    port: int,
    data: Path | None,
    executor: "ExecutorName",
    runners_file: Path | None,
    max_running: int,
    page_size: int,
    requests_per_minute: int | None,
    keep_logs_seconds: float | None,
    *,
    init: bool,
    folder_to_check: Path | None,
    show_key: bool,
) -> int:
    """Run the embedded engine: the same API on loopback, with real processes or containers.

    Prints its URL and its key file. Ctrl+C or SIGTERM stops the engine and its runs.
    """
    if folder_to_check is not None:
        return _check(folder_to_check.expanduser())
    if init:
        from nodion_tui.local.runners.starter_file import write_starter_file  # noqa: PLC0415  # on demand

        path = runners_file or Path("local.toml")
        write_starter_file(path)
        Output().line(f"wrote {path}; start it with: nodion-tui serve --config {path}")
        return 0
    from nodion_tui.local.engine_settings import EngineSettings  # noqa: PLC0415  # see above
    from nodion_tui.local.serve import serve as serve_engine  # noqa: PLC0415  # imports the web server

    settings = EngineSettings(
        data_dir=expand_home(data or data_folder() / "engine", "--data").absolute(),
        port=port,
        executor=executor,
        runners_file=None if runners_file is None else runners_file.absolute(),
        max_running=max_running,
        page_size=page_size,
        requests_per_minute=requests_per_minute,
        keep_logs_seconds=keep_logs_seconds,
    )
    output = Output()
    gc.freeze()
    gc.set_threshold(_COLLECTION)  # a short command collects later
    signal_number = asyncio.run(
        serve_engine(settings, lambda server: _print_address(output, server, show_key))
    )
    return 128 + signal_number


def _check(folder: Path) -> int:
    """Print what is wrong with a database; returns the exit code."""
    from nodion_tui.local.storage.database_check import check_database  # noqa: PLC0415  # on demand

    problems = check_database(folder)
    for problem in problems or [f"{folder}: no damage found"]:
        Output().line(problem)
    return 1 if problems else 0


def _print_address(output: Output, server: "EngineServer", show_key: bool) -> None:  # noqa: FBT001  # private
    output.line(f"listening on {server.url}")
    output.line(f"key file: {server.key_file}")
    if show_key:
        output.line(f"key: {server.key.reveal()}")
        output.line(f"read-only key: {server.read_key.reveal()}")
    if output.is_terminal and sys.stderr.isatty():
        path = format_argv((str(server.key_file),))
        output.notice("to use the engine from another terminal, run:")
        output.notice(f'  export NODION_API_URL={server.url} NODION_API_KEY="$(cat {path})"')
        output.notice("ctrl+c stops the engine and its runs")
