"""Evidence of a run to hand on: its JSON without secrets, and a summary page in Markdown.

Pure functions from values to text. The log itself is formatted in `plain_text` and written in
`save`.
"""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.format import RUNNER_DEFAULT, short_duration
from nodion_tui.model.text.masking import mask_argv, mask_command
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger import format_argv
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.line.reader import shown_text
from nodion_tui.monitor.log.plain_text import format_iso
from nodion_tui.monitor.log.shown_log import LogEntries
from nodion_tui.monitor.log.state import LogState

SUMMARY_LINES = 10
"""Log lines quoted in the summary."""
_QUOTED_BYTES = 2000
_STATUSES = frozenset(RunStatus)
_BACKTICKS = re.compile("`+")


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A run and its log at one moment."""

    run: Run
    taken_at: datetime
    """The server's clock, aware."""
    log: LogState
    runner: Runner | None = None
    profile: str = ""
    last_lines: tuple[str, ...] = ()
    """The log's last lines, as they were sent."""


def quoted_lines(buffer: LogEntries) -> tuple[str, ...]:
    """The last lines of a log, for the summary; the end of a very long line is left out."""
    entries = buffer.entries(buffer.end - 2 * SUMMARY_LINES, buffer.end, _QUOTED_BYTES)
    return tuple(entry.body for entry in entries if entry.kind is EntryKind.LINE)[-SUMMARY_LINES:]


def run_json(run: Run) -> str:
    """The run as indented JSON, secrets in its command masked."""
    masked = msgspec.structs.replace(
        run.record,
        command=None if run.command is None else mask_command(run.command),
        argv=mask_argv(run.argv),
        entrypoint=None if run.entrypoint is None else mask_command(run.entrypoint),
    )
    return msgspec.json.format(msgspec.json.encode(masked), indent=2).decode() + "\n"


def markdown_summary(evidence: Evidence) -> str:
    """A short page in Markdown: what ran, when, how it ended, and whether the log is complete."""
    sections = [f"# {_title(evidence)}", _facts(evidence), "## When", _when(evidence)]
    if evidence.last_lines:
        sections += ["## Last lines", _fenced(evidence.last_lines[-SUMMARY_LINES:])]
    sections.append(
        f"Taken {format_iso(evidence.taken_at)}. "
        "Values in the command that look like secrets are masked; the log is plain text."
    )
    return "\n\n".join(sections) + "\n"


def markdown_code(text: str) -> str:
    """Text as Markdown code on one line, backticks escaped."""
    text = sanitize(text)
    fence = "`" * (_longest_backticks(text) + 1)
    pad = " " if text[:1] in ("`", "") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _title(evidence: Evidence) -> str:
    run = evidence.run
    exit_code = "" if run.exit_code is None else f", exit {run.exit_code}"
    label = evidence.runner.label if evidence.runner else run.runner_id[:8]
    # A status that is not documented is any text of the service's.
    status = run.status if run.status in _STATUSES else markdown_code(run.status)
    return f"{markdown_code(label)}: {status}{exit_code}"


def _facts(evidence: Evidence) -> str:
    run, runner = evidence.run, evidence.runner
    names = (runner.name if runner else "", run.runner_id)
    facts = [
        ("Runner", " ".join(map(markdown_code, filter(None, names)))),
        ("Image", markdown_code(runner.image) if runner and runner.image else ""),
        ("Run", markdown_code(run.id)),
        ("Profile", markdown_code(evidence.profile) if evidence.profile else ""),
        ("Command", _command(run, runner)),
        ("Entrypoint", _entrypoint(run.entrypoint)),
        ("Log", _log_facts(evidence)),
    ]
    return "\n".join(f"- {name}: {value}" for name, value in facts if value)


def _command(run: Run, runner: Runner | None) -> str:
    if run.argv:
        return f"{markdown_code(format_argv(mask_argv(run.argv)))} (argv)"
    if run.command is not None:
        return f"{markdown_code(mask_command(run.command))} (sh -c)"
    if runner is not None and runner.run_command is not None:
        return f"{RUNNER_DEFAULT}: {markdown_code(mask_command(runner.run_command))} (sh -c)"
    if runner is not None and runner.argv:
        return f"{RUNNER_DEFAULT}: {markdown_code(format_argv(mask_argv(runner.argv)))} (argv)"
    return RUNNER_DEFAULT


def _entrypoint(entrypoint: str | None) -> str:
    """The run's own entrypoint; an empty one, which overrides the image's, is shown as such."""
    if entrypoint is None:
        return ""
    return markdown_code(mask_command(entrypoint) or '""')


def _log_facts(evidence: Evidence) -> str:
    log = evidence.log
    facts = [f"{log.lines:,} lines", "complete" if log.complete else "may be incomplete"]
    if log.unreadable:
        facts.append(f"{log.unreadable:,} unreadable")
    facts.append(f"{log.reconnects} reconnects, {log.gaps} gaps" if log.reconnects else "no gaps")
    if log.dropped:
        facts.append(f"{log.dropped:,} lines are missing in `log.txt`, no longer in memory")
    return ", ".join(facts)


def _when(evidence: Evidence) -> str:
    run, now = evidence.run, evidence.taken_at
    events = (
        ("created", run.created_at, "", None),
        ("started", run.started_at, "queued", run.queue_time(now)),
        ("completed", run.completed_at, "ran", run.duration(now)),
    )
    lines = []
    for name, time, verb, span in events:
        elapsed = f" ({verb} {short_duration(span)})" if time and span is not None else ""
        lines.append(f"- {name}: {format_iso(time) if time else 'not yet'}{elapsed}")
    return "\n".join(lines)


def _fenced(lines: Sequence[str]) -> str:
    text = "\n".join(map(shown_text, lines))
    fence = "`" * max(3, _longest_backticks(text) + 1)
    return f"{fence}text\n{text}\n{fence}"


def _longest_backticks(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
