"""`tail`: follows the logs of many runs as one."""

import re
from typing import TYPE_CHECKING, Any

import click

from nodion_tui.cli.line_filter import grep_option, level_option, line_filter
from nodion_tui.cli.options import FilterType, TimeType, prepared_api_command, timestamps_option
from nodion_tui.cli.resolve import list_runners
from nodion_tui.cli.session import CommandSession, load_settings

if TYPE_CHECKING:
    from nodion_tui.cli.log_window import LineFilter
    from nodion_tui.monitor.runs.filter import RunFilter
    from nodion_tui.monitor.runs.filter_times import FilterTime

_EXAMPLES = """\b
Examples:
  nodion-tui tail
  nodion-tui tail runner:etl --level warn
  nodion-tui tail 'runner:"Queue worker"' --grep timeout --since 5m
  nodion-tui tail --json | jq -r '[.runner, .line.body] | @tsv'
"""
_TERM = re.compile(r"(?P<key>!*(?:[a-z]+:)?!*)(?P<value>.*)", re.DOTALL)


class _FilterWords(FilterType):
    """A word of a filter: what a shell has taken the quotes from gets them back."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "RunFilter":
        """Parses the typed words together."""
        return super().convert(" ".join(map(_quoted, value)), param, ctx)


def _quoted(word: str) -> str:
    match = _TERM.fullmatch(word)
    if match is None or not re.search(r"\s", word) or '"' in word or "'" in word:
        return word
    return f'{match["key"]}"{match["value"]}"'


def _prepare(*, pattern: Any, level: str | None, words: tuple[str, ...], **values: Any) -> Any:
    """The filters, so that a mistake in them is told first."""
    ctx = click.get_current_context()
    parameter = next(each for each in ctx.command.params if each.name == "words")
    return {
        **values,
        "run_filter": _FilterWords().convert(words, parameter, ctx),
        "wanted": line_filter(pattern, level),
    }


@click.command(epilog=_EXAMPLES)
@click.argument("words", metavar="[FILTER]...", nargs=-1)
@click.option(
    "--since",
    type=TimeType(),
    metavar="TIME",
    help="Print only lines from this time on: 10m (ago), 14:05, today, 2026-01-15T14:05.",
)
@grep_option
@level_option
@timestamps_option
@prepared_api_command(_prepare)
async def tail(
    session: CommandSession,
    run_filter: "RunFilter",
    wanted: "LineFilter | None",
    since: "FilterTime | None",
    *,
    timestamps: bool | None,
) -> int:
    """Follow the logs of all running runs that match FILTER as one, until stopped.

    FILTER is that of the dashboard, such as 'runner:etl' or 'longer:10m'. New runs join by
    themselves.

    Each line is printed with its time and its run: `time runner run │ body`. Lines are merged by
    time: each waits half a second for older ones of other runs, and one that comes later is printed
    then. Notices, such as the end of a run, go to stderr. With --json each line is as the API sent
    it, with `runner` and `run` beside it.
    """
    # httpx and the poller, on demand.
    from nodion_tui.cli.tail.tailer import Tailer, TailOptions  # noqa: PLC0415

    ctx = click.get_current_context()
    settings = load_settings(ctx, ctx.params["profile"])
    await list_runners(session)
    now = session.client.server_now()
    options = TailOptions(
        run_filter=run_filter,
        wanted=wanted,
        since=since and since(now, None),
        timestamps=timestamps is not False,
        streams=settings.wall_streams,
        requests_per_minute=settings.requests_per_minute,
    )
    return await Tailer(session, options).run()
