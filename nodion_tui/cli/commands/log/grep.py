"""`grep`: searches the logs of many runs."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from nodion_tui.cli.archived import archived_runs
from nodion_tui.cli.commands.lists import selected_runs
from nodion_tui.cli.line_filter import PatternType
from nodion_tui.cli.options import FilterType, number_option, prepared_api_command
from nodion_tui.cli.output.log_matches import MatchPrinter
from nodion_tui.cli.process.exit_codes import FAILED, OK, USAGE
from nodion_tui.cli.session import CommandSession
from nodion_tui.cli.whole_log import MAX_BYTES
from nodion_tui.config.url import is_loopback
from nodion_tui.model.errors import ConnectionLost, NotReachable
from nodion_tui.model.run import Run, RunKey, newest_first
from nodion_tui.model.text.format import count
from nodion_tui.monitor.grep.progress import cost_text, progress_text
from nodion_tui.monitor.grep.runs_search import RunsSearch
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.session_cache import LogSessionCache
from nodion_tui.monitor.log.session_hooks import LogHooks
from nodion_tui.monitor.log.source import ClientLogSource
from nodion_tui.monitor.polling.request_budget import RequestBudget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nodion_tui.monitor.grep.hits import LogHits
    from nodion_tui.monitor.log.search.query import Matcher
    from nodion_tui.monitor.runs.filter import RunFilter

DEFAULT_RUNS = 50
_EXAMPLES = """\b
Examples:
  nodion-tui grep 'timed? out'
  nodion-tui grep ECONNREFUSED status:failed since:2d -C 2
  nodion-tui grep 'OOM|Killed' runner:etl --runs 500 --json run_id,line,body
"""


def _prepare(*, pattern: "Matcher", run_filter: "Sequence[RunFilter]", **values: Any) -> Any:
    return {**values, "matcher": pattern, "filters": run_filter}


@click.command(epilog=_EXAMPLES)
@click.argument("pattern", type=PatternType(), metavar="PATTERN")
@click.argument("run_filter", type=FilterType(), metavar="[FILTER]...", nargs=-1)
@number_option("--context", "-C", minimum=0, default=0, help="Lines around each match.")
@number_option("--runs", minimum=1, default=DEFAULT_RUNS, help="How many runs, the newest first.")
@prepared_api_command(_prepare)
async def grep(
    session: CommandSession,
    matcher: "Matcher",
    filters: "Sequence[RunFilter]",
    context: int,
    runs: int,
) -> int:
    """Search the logs of the newest finished runs that match every FILTER of the dashboard.

    PATTERN is a regular expression that ignores case unless it has a capital letter; '!PATTERN'
    finds the lines without it. Archived logs come first; fetching others costs requests, which
    stderr tells before. In a pipe: run id, line number and line, separated by `:`; by `-` in the
    lines around a match. Exit codes as of grep: 0 found, 1 nothing found, 2 or more an error.
    """
    wanted, labels = await _wanted_runs(session, filters, runs)
    logs = LogSessionCache(
        ClientLogSource(lambda: session.client),
        max_bytes=MAX_BYTES,
        max_sessions=1,
        hooks=LogHooks(run_of={run.key: run for run in wanted}.get),
        archive=session.archive,
    )
    matches: asyncio.Queue[tuple[LogHits, LogBuffer | None] | None] = asyncio.Queue()

    def add(hits: "LogHits") -> None:
        if any(hits.counts):
            in_memory = [log.buffer for log in logs.cached if log.key == hits.key]
            matches.put_nowait((hits, in_memory[0] if in_memory else None))

    search = RunsSearch(
        (matcher.query,),
        logs,
        session.archive,
        acquire_request=_budget(session),
        now=lambda _: session.client.server_now(),
        on_hits=add,
    )
    search.add(wanted)
    printer = MatchPrinter(session.output, matcher, labels, context)
    by_key = {run.key: run for run in wanted}
    printing = asyncio.create_task(_print(session, matches, printer, by_key))
    try:
        await _search(session, search)
        matches.put_nowait(None)
        await printing
    finally:
        printing.cancel()
    return _code(session, search)


async def _search(session: CommandSession, search: RunsSearch) -> None:
    await search.search_here()
    if search.state.to_fetch:
        session.output.notice(f"{progress_text(search.state)} · {_cost(session, search)}")
        await search.fetch_all()


def _cost(session: CommandSession, search: RunsSearch) -> str:
    return cost_text(search.state, None if _is_free(session) else session.requests_per_minute)


async def _wanted_runs(
    session: CommandSession, filters: "Sequence[RunFilter]", limit: int
) -> "tuple[list[Run], Mapping[str, str]]":
    """The newest finished runs that match, also archived ones that the service lists no more."""
    archived = await archived_runs(session)
    logs = () if session.archive is None else await session.archive.logs()
    labels = {log.run.runner_id: log.runner or log.run.runner_id for log in logs}
    known: dict[RunKey, Run] = {run.key: run for run in archived}
    try:
        lists = await selected_runs(session, None)
    except (NotReachable, ConnectionLost) as error:
        if not known:
            raise
        session.output.warning(f"{error.title}: only archived logs are searched")
    else:
        known |= {run.key: run for run in lists.runs}
        labels |= lists.labels
        lists.report_failures()
    runs = sorted((run for run in known.values() if run.is_final), key=newest_first)
    for run_filter in filters:
        runs = run_filter.select(runs, now=session.client.server_now(), names=labels)
    return runs[:limit], labels


async def _print(
    session: CommandSession,
    matches: "asyncio.Queue[tuple[LogHits, LogBuffer | None] | None]",
    printer: MatchPrinter,
    runs: "Mapping[RunKey, Run]",
) -> None:
    """Prints the matches of each log as soon as it is searched."""
    while (found := await matches.get()) is not None:
        hits, buffer = found
        if buffer is None:
            log = None if session.archive is None else await session.archive.read(hits.key)
            if log is None:
                continue
            buffer = LogBuffer(MAX_BYTES)
            buffer.adopt(log.segments, log.last_id)
        await asyncio.to_thread(printer.print, runs[hits.key], buffer, hits.indexes[0])


def _budget(session: CommandSession) -> Callable[[str], Any]:
    """Waits until the setting `requests_per_minute` allows one more request."""
    loop = asyncio.get_running_loop()
    budget = RequestBudget(
        session.requests_per_minute, loop.time(), is_enforced=not _is_free(session)
    )

    turn = asyncio.Lock()

    async def acquire(_runner_id: str) -> None:
        async with turn:
            await asyncio.sleep(budget.wait(loop.time()))
            budget.consume(loop.time())

    return acquire


def _is_free(session: CommandSession) -> bool:
    return is_loopback(urlsplit(session.profile.api_url).hostname or "")


def _code(session: CommandSession, search: RunsSearch) -> int:
    state = search.state
    if state.error is not None:
        raise state.error
    session.output.notice(progress_text(state))
    if state.unreadable:
        session.output.warning(
            f"{count(state.unreadable, 'log')} cannot be read: no longer kept, or damaged here"
        )
        return USAGE
    return OK if state.found else FAILED
