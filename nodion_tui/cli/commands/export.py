"""`export runs`: runs in formats that other programs read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from nodion_tui.cli.commands.lists import created_since_option, selected_runs
from nodion_tui.cli.options import (
    api_command,
    filter_option,
    optional_runner_argument,
    since_option,
)
from nodion_tui.cli.output.run_export import csv_text, junit_text, openmetrics_text
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.run import Run

if TYPE_CHECKING:
    from nodion_tui.monitor.runs.filter import RunFilter
    from nodion_tui.monitor.runs.filter_times import FilterTime

Format = Callable[[Sequence[Run], Mapping[str, str], datetime], str]
_FORMATS: Mapping[str, Format] = {
    "csv": csv_text,
    "junit": junit_text,
    "openmetrics": openmetrics_text,
}
_JSON_LINES = "jsonl"
_EXAMPLES = """\b
Examples:
  nodion-tui export runs --format csv --since 7d > runs.csv
  nodion-tui export runs etl --format junit > etl.xml
  nodion-tui export runs --format openmetrics > /var/lib/node_exporter/nodion.prom
"""


@click.group()
def export() -> None:
    """Export data in formats that other programs read."""


@export.command(epilog=_EXAMPLES)
@optional_runner_argument
@filter_option
@since_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice([*_FORMATS, _JSON_LINES]),
    default="csv",
    show_default=True,
    help="JSON Lines have `runner_id`, `runner` (its name) and `run`, as the API sent it.",
)
@api_command
async def runs(
    session: CommandSession,
    runner: str | None,
    run_filter: "RunFilter | None",
    since: "FilterTime | None",
    format_name: str,
) -> int:
    """Export the runs of RUNNER, or of all runners, newest first."""
    as_json = format_name == _JSON_LINES or session.output.json
    lists = await selected_runs(session, runner, raw=as_json)
    matching = created_since_option(await lists.select(run_filter, session), since, session)
    if as_json:
        session.output.json_lines(lists.json_row(run) for run in matching)
    else:
        text = _FORMATS[format_name](matching, lists.labels, session.client.server_now())
        session.output.write(text.encode("utf-8", "backslashreplace"))
    return lists.report_failures()
