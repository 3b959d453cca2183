"""`archive`: what is kept of finished logs on disk, and removing or verifying it."""

import sys
from typing import TYPE_CHECKING, Any

import click
import msgspec

from nodion_tui.cli.json_option import JsonFields, json_option
from nodion_tui.cli.options import FilterType, make_output, profile_option, quiet_option
from nodion_tui.cli.output.id_prefixes import unique_prefixes
from nodion_tui.cli.output.streams import Output, iso_time
from nodion_tui.cli.output.table import TableCell
from nodion_tui.cli.process.exit_codes import FAILED, OK, CommandLineError
from nodion_tui.cli.session import load_settings, require_account
from nodion_tui.config import Settings
from nodion_tui.config.archive_limits import ArchiveLimits
from nodion_tui.config.paths import display_path
from nodion_tui.model.text.format import ago, count
from nodion_tui.model.text.sizes import size_text
from nodion_tui.monitor.runs.known_runs import utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nodion_tui.monitor.archive.log_archive import ArchivedLog, LogArchive
    from nodion_tui.monitor.runs.filter import RunFilter

_EXAMPLES = """\b
Examples:
  nodion-tui archive                        # what is kept, and what it takes
  nodion-tui archive status:failed since:7d
  nodion-tui archive --verify
  nodion-tui archive --purge runner:etl     # removes these; without a filter all of them
"""


@click.command(epilog=_EXAMPLES)
@click.argument("run_filter", type=FilterType(), metavar="[FILTER]...", nargs=-1)
@click.option("--verify", is_flag=True, help="Read every line, and tell what is damaged.")
@click.option("--purge", is_flag=True, help="Remove the logs, after a question on a terminal.")
@click.option("--yes", "-y", is_flag=True, help="With --purge: do not ask.")
@profile_option
@json_option
@quiet_option
@click.pass_context
def archive(
    ctx: click.Context,
    run_filter: "tuple[RunFilter, ...]",
    profile: str | None,
    as_json: JsonFields,
    *,
    verify: bool,
    purge: bool,
    yes: bool,
    quiet: bool,
) -> int:
    """Show the finished logs that the profile keeps on disk: `archive = "2 GiB, 90d"`.

    No request is sent. With --verify the exit code is 1 if a log is damaged. In a pipe: run id,
    status, end, lines, bytes of text, bytes on disk, runner id and runner, tab-separated.
    """
    if verify and purge:
        raise click.UsageError("--verify and --purge exclude each other")
    settings = load_settings(ctx, profile)
    require_account(settings.profile)
    output = make_output(ctx, settings, as_json, quiet=quiet)
    try:
        return _answer(settings, output, run_filter, verify=verify, purge=purge, yes=yes)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise CommandLineError(str(error)) from None


def _answer(
    settings: Settings,
    output: Output,
    filters: "Sequence[RunFilter]",
    *,
    verify: bool,
    purge: bool,
    yes: bool,
) -> int:
    from nodion_tui.monitor.archive.log_archive import LogArchive  # noqa: PLC0415 - zstandard

    kept = LogArchive(settings.data_folder, settings.profile)
    logs = _selected(kept.logs(), filters)
    if verify:
        return _verify(output, kept)
    if purge:
        return _purge(output, kept, logs, whole=not filters, yes=yes)
    _show(output, logs)
    if not output.json:
        _sum_up(output, logs, kept, settings.profile.archive)
    return OK


def _selected(
    logs: "Sequence[ArchivedLog]", filters: "Sequence[RunFilter]"
) -> "Sequence[ArchivedLog]":
    names = {log.run.runner_id: log.runner for log in logs}
    runs = [log.run for log in logs]
    for run_filter in filters:
        runs = run_filter.select(runs, now=utc_now(), names=names)
    keys = {run.key for run in runs}
    return [log for log in logs if log.key in keys]


def _show(output: Output, logs: "Sequence[ArchivedLog]") -> None:
    if output.json:
        output.json_lines(msgspec.json.encode(_object(log)) for log in logs)
        return
    if not output.is_terminal:
        output.tab_separated([[str(value) for value in _object(log).values()] for log in logs])
        return
    prefixes, now = unique_prefixes(log.key.run_id for log in logs), utc_now()
    rows = [
        [
            TableCell(prefixes[log.key.run_id]),
            TableCell(log.run.status),
            TableCell(ago(now - log.run.completed_at) if log.run.completed_at else ""),
            TableCell(f"{log.lines:,}", align_right=True),
            TableCell(size_text(log.stored_bytes), align_right=True),
            TableCell(log.runner or log.key.runner_id),
        ]
        for log in logs
    ]
    output.table(("RUN", "STATUS", "ENDED", "LINES", "ON DISK", "RUNNER"), rows)


def _object(log: "ArchivedLog") -> dict[str, Any]:
    return {
        "run_id": log.key.run_id,
        "status": log.run.status,
        "completed_at": iso_time(log.run.completed_at),
        "lines": log.lines,
        "text_bytes": log.text_bytes,
        "stored_bytes": log.stored_bytes,
        "runner_id": log.key.runner_id,
        "runner": log.runner,
    }


def _sum_up(
    output: Output,
    logs: "Sequence[ArchivedLog]",
    kept: "LogArchive",
    limits: ArchiveLimits | None,
) -> None:
    stored = size_text(sum(log.stored_bytes for log in logs))
    text = size_text(sum(log.text_bytes for log in logs))
    setting = f"limit {limits}" if limits else "no `archive` setting: nothing is added"
    output.notice(
        f"{count(len(logs), 'log')}, {stored} on disk for {text} of text; {setting};"
        f" {display_path(kept.path)}"
    )


def _verify(output: Output, kept: "LogArchive") -> int:
    problems = 0
    for problem in kept.verify():
        problems += 1
        output.line(problem)
    number = len(kept.logs())
    output.notice(
        f"{count(problems, 'problem')} in {count(number, 'log')}"
        if problems
        else f"{count(number, 'log')} verified, every line can be read"
    )
    return FAILED if problems else OK


def _purge(
    output: Output, kept: "LogArchive", logs: "Sequence[ArchivedLog]", *, whole: bool, yes: bool
) -> int:
    what = f"{count(len(logs), 'log')}, {size_text(sum(log.stored_bytes for log in logs))}"
    if logs and not yes:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise CommandLineError(f"--purge removes {what}: confirm it with --yes")
        if not click.confirm(f"Remove {what} from the archive?", err=True):
            output.notice("nothing removed")
            return FAILED
    removed = kept.purge(None if whole else [log.key for log in logs])
    output.notice(f"{count(removed, 'log')} removed")
    return OK
