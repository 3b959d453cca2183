"""`logs`: prints or follows the log of a run, or a part of it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import compress
from typing import TYPE_CHECKING, Any

import click
import msgspec
from msgspec.structs import replace

from nodion_tui.cli.archived import run_or_archived
from nodion_tui.cli.line_filter import grep_option, level_option, line_filter
from nodion_tui.cli.line_looks import light_lines
from nodion_tui.cli.log_window import LogWindow, WindowOptions
from nodion_tui.cli.options import (
    LineIdType,
    MomentType,
    number_option,
    prepared_api_command,
    run_argument,
    runner_argument,
    stop_on_interrupt_option,
    timestamps_option,
)
from nodion_tui.cli.resolve import resolve_run, resolve_runner
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import ConnectionLost, NotReachable, ResourceNotFound
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.log_line import LogLine, ids_of, line_name, line_number
from nodion_tui.model.run import RunKey

if TYPE_CHECKING:
    from nodion_tui.monitor.log.moments.bounds import Bound
    from nodion_tui.monitor.log.moments.moment import Moment

_BATCH = 1000
_REPEATED_FLAGS = {"--follow": "follow", "--stop-on-interrupt": "stop_on_interrupt"}
_REPEATED_VALUES = {
    "--level": "level",
    "--context": "context",
    "--max-lines": "max_lines",
    "--max-bytes": "max_bytes",
}
"""Options whose values go on to hold for the rest of a log, and their parameters."""
_EXAMPLES = """\b
Examples:
  nodion-tui logs etl latest -f
  nodion-tui logs etl latest-failed --level error -C 3
  nodion-tui logs etl latest --since 10m --grep 'timeout|refused'
  nodion-tui logs etl latest --from +5m --to -30s
  nodion-tui logs etl latest --max-lines 200 --max-bytes 20000
"""


def _prepare(
    *,
    max_lines: int | None,
    max_bytes: int | None,
    tail: int | None,
    context: int,
    pattern: Any,
    level: str | None,
    **values: Any,
) -> dict[str, Any]:
    """The window, but for its times, which count from the service's clock."""
    if context and pattern is None and level is None:
        raise click.UsageError("--context requires --grep or --level")
    if values["follow"] and line_number(values["after"] or ""):
        raise click.UsageError("--follow goes on after the id of a line, not after its number")
    window = WindowOptions(
        wanted=line_filter(pattern, level),
        context=context,
        tail=tail,
        max_lines=max_lines,
        max_bytes=max_bytes,
    )
    return {**values, "window": window}


@click.command(epilog=_EXAMPLES)
@runner_argument
@run_argument
@click.option(
    "--follow", "-f", is_flag=True, help="Follow until the run ends; exit with its exit code."
)
@click.option(
    "--since",
    "--from",
    "since",
    type=MomentType(),
    metavar="TIME",
    help="Print only lines from this time on: 14:05, 2026-01-15T14:05, today, 10m (ago), -10m"
    " (from the end), +30s (from the start), 50% (of the lines).",
)
@click.option(
    "--to", "until", type=MomentType(), metavar="TIME", help="Print only lines up to this time."
)
@click.option(
    "--after",
    type=LineIdType(),
    metavar="ID",
    help="Print only lines after the log line with this id; line:N: after the Nth line.",
)
@number_option("--tail", minimum=0, help="Print the last N lines written so far.")
@grep_option
@level_option
@number_option(
    "--context", "-C", minimum=0, default=0, help="Lines around those of --grep and --level."
)
@number_option("--max-lines", minimum=1, help="Stop after N lines, and tell how to go on.")
@number_option("--max-bytes", minimum=1, help="Stop before more than N bytes of lines.")
@timestamps_option
@stop_on_interrupt_option
@prepared_api_command(_prepare)
async def logs(
    session: CommandSession,
    runner: str,
    run: str,
    since: "Moment | None",
    until: "Moment | None",
    after: str | None,
    window: WindowOptions,
    *,
    follow: bool,
    timestamps: bool | None,
    stop_on_interrupt: bool,
) -> int:
    """Print the log of RUN, oldest line first.

    RUN is an id, a unique prefix of one, `latest` or `latest-failed`.

    On a terminal lines are printed as the dashboard shows them, in a pipe unchanged; notices go to
    stderr. With -f the exit code is that of the run (130 if it was canceled), 124 if --max-lines or
    --max-bytes was reached first, or 125 if nodion-tui fails. Without it, the exit code is 1 for a
    log that the service has deleted and the archive does not have.
    """
    key = await resolve_run(session, await resolve_runner(session, runner), run)
    begin, end = await _bounds(session, key, since, until)
    options = replace(window, since=begin, until=end)
    await light_lines(session, key.runner_id)
    shown = LogWindow(session.output, options, timestamps=timestamps)
    code = 0
    if follow:
        from nodion_tui.cli.follow_log import FollowLog  # noqa: PLC0415  # decodes streams

        follow_log = FollowLog(
            session, key, shown, after_id=after, stop_on_interrupt=stop_on_interrupt
        )
        code = await follow_log.run()
    else:
        await _print_written(session, key, after, shown)
    if shown.stopped_by:
        from nodion_tui.cli.output.next_command import next_command  # noqa: PLC0415 - with a limit alone

        rest = _rest_options(options, shown.last_id or after)
        command = next_command("logs", key.runner_id, key.run_id, *rest)
        session.output.warning(f"stopped at {shown.stopped_by}; to go on: {command}")
    return code


def _rest_options(options: WindowOptions, after: str | None) -> Iterator[str]:
    """The options of this call, for the lines after one; no `--tail`, which counts from the end.

    Times are those that were meant: `--to 10m` would be later by then. A share of the lines would
    count those that are left, so it is not repeated.
    """
    given = click.get_current_context().params
    yield from (name for name, key in _REPEATED_FLAGS.items() if given[key])
    if given["timestamps"] is not None:
        yield "--timestamps" if given["timestamps"] else "--no-timestamps"
    if given["as_json"] is not None:
        yield f"--json={','.join(given['as_json'])}" if given["as_json"] else "--json"
    if given["pattern"] is not None:
        yield f"--grep={given['pattern'].query.text}"
    for name, key in _REPEATED_VALUES.items():
        if given[key]:
            yield from (name, str(given[key]))
    bounds = {"--to": options.until} if after else {"--from": options.since, "--to": options.until}
    for name, bound in bounds.items():
        if text := _bound_text(bound):
            yield f"{name}={text}"
    if after:
        yield from ("--after", after)


def _bound_text(bound: "Bound") -> str:
    if isinstance(bound, datetime):
        return bound.isoformat()
    duration = getattr(bound, "duration", None)
    return "" if duration is None else f"-{duration.total_seconds():g}s"


async def _bounds(
    session: CommandSession, key: RunKey, since: "Moment | None", until: "Moment | None"
) -> "tuple[Bound, Bound]":
    """The moments as far as they do not depend on the lines; the run tells when it was."""
    if since is None and until is None:
        return None, None
    # On demand: most logs are printed from their first line to the last.
    from nodion_tui.model.text.typed_time import ClockTime  # noqa: PLC0415
    from nodion_tui.monitor.log.moments import moment as moments  # noqa: PLC0415

    now = session.client.server_now()
    span = moments.LogSpan(now, now)
    if moments.needs_span(since) or moments.needs_span(until):
        run = await run_or_archived(session, key)
        start = run.started_at or run.created_at or now
        span = moments.LogSpan(start, run.completed_at or max(now, start))

    def bound(moment: "Moment | None") -> "Bound":
        if moment is None or isinstance(moment, moments.BeforeEnd | moments.LineShare):
            return moment
        return moments.moment_time(moment, span, now, None)

    begin = bound(since)
    if isinstance(until, ClockTime) and isinstance(begin, datetime) and begin > span.start:
        # From 23:10 to 00:30 is over midnight.
        span = moments.LogSpan(begin, max(begin, span.end))
    return begin, bound(until)


async def _print_written(
    session: CommandSession, key: RunKey, after_id: str | None, window: LogWindow
) -> None:
    """Prints all pages, or the archived log if the service has it no more or cannot be reached.

    The archive has the lines of the service without their ids: it goes on at the same number.
    """
    if skipped := line_number(after_id or ""):
        after_id = None
    reader = _PageReader(session, key, window, skipped)
    try:
        await reader.print_after(after_id)
    except (ResourceNotFound, NotReachable, ConnectionLost) as error:
        can_go_on = after_id is None and session.archive is not None
        log = await session.archive.read(key) if can_go_on and session.archive else None
        if log is None:
            raise
        # On demand: a Tab for the arguments of this command loads no log.
        from nodion_tui.cli.whole_log import MAX_BYTES  # noqa: PLC0415
        from nodion_tui.monitor.log.buffer import LogBuffer  # noqa: PLC0415

        session.output.warning(f"{error.title}: printed from the archive")
        buffer = LogBuffer(MAX_BYTES)
        buffer.adopt(log.segments, log.last_id)
        for first in range(max(skipped, reader.lines_read), buffer.end, _BATCH):
            lines = [
                LogLine(line_name(number), entry.body, created_at=entry.created_at)
                for number, entry in enumerate(buffer.entries(first, first + _BATCH), first + 1)
            ]
            window.add(lines, [*map(_archived_json, lines)] if session.output.json else [])
            if window.stopped_by:
                break
        window.flush()


def _archived_json(line: LogLine) -> bytes:
    """JSON of an archived line, which has no id."""
    fields = {"body": line.body, "log_level": line.log_level, "created_at": line.created_at}
    return msgspec.json.encode(fields)


class _PageReader:
    """Prints the pages of a log, up to an empty page or a page without new lines, or to a limit.

    Args:
        session: asks the service.
        key: of the run.
        window: prints.
        skipped: number of lines that are read first and not printed.
    """

    def __init__(
        self, session: CommandSession, key: RunKey, window: LogWindow, skipped: int
    ) -> None:
        self.lines_read = 0
        """Lines that have come, the skipped ones with them."""
        self._session = session
        self._key = key
        self._window = window
        self._skipped = skipped

    async def print_after(self, after_id: str | None) -> None:
        """Print the lines after one; None: from the first."""
        output, window, seen = self._session.output, self._window, LineIdSet()
        while not window.stopped_by:
            page = await self._session.client.get_logs(*self._key, after_id, raw=output.json)
            output.bad_rows(page)
            ids = ids_of(page.items)
            is_new = seen.add_each(ids, starts_response=True)
            if not any(is_new):
                window.flush()
                return
            if all(is_new) and self.lines_read >= self._skipped:
                # As it is nearly always: the columns of a page make no objects where it is printed.
                window.add(page.items, page.raw)
            else:
                lines, raw = [*compress(page.items, is_new)], [*compress(page.raw, is_new)]
                first = max(0, self._skipped - self.lines_read)
                window.add(lines[first:], raw[first:])
            self.lines_read += sum(is_new)
            after_id = ids[-1]
