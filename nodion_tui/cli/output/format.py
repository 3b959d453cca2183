"""Formats values for plain text: ages, durations, statuses, commands."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger import format_argv

RUNNER_DEFAULT = "runner default"

_GLYPHS: Mapping[str, tuple[str, str]] = {
    RunStatus.PENDING: ("◌", "o"),
    RunStatus.RUNNING: ("●", "*"),
    RunStatus.SUCCEEDED: ("✓", "+"),
    RunStatus.FAILED: ("✗", "x"),
    RunStatus.CANCELED: ("⊘", "-"),
}
_STYLES: Mapping[str, str] = {
    RunStatus.PENDING: "33",
    RunStatus.RUNNING: "36",
    RunStatus.SUCCEEDED: "32",
    RunStatus.FAILED: "31",
    RunStatus.CANCELED: "2",
}


def status_glyph(status: str, *, ascii_only: bool) -> str:
    """Status as one character; `?` for a status that is not in the API reference."""
    glyphs = _GLYPHS.get(status)
    return glyphs[1 if ascii_only else 0] if glyphs else "?"


def status_style(status: str) -> str:
    """SGR parameters of a status; uses the sixteen colours of the terminal's theme."""
    return _STYLES.get(status, "")


def format_age(since: datetime | None, now: datetime) -> str:
    """Age such as `42s ago` or `2h ago`; empty if unknown. A future time counts as now."""
    if since is None:
        return ""
    seconds = max(int((now - since).total_seconds()), 0)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit} ago"
    return f"{seconds}s ago"


def format_duration(length: timedelta | None) -> str:
    """Duration such as `04:30`, with hours `1:04:30`; empty if unknown."""
    if length is None:
        return ""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def format_local_time(moment: datetime | None) -> str:
    """Date and time in the local time zone; empty if unknown."""
    return "" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def format_iso(moment: datetime | None) -> str:
    """ISO 8601 with UTC offset, for scripts; empty if unknown."""
    return "" if moment is None else moment.isoformat(timespec="milliseconds")


def format_number(value: int | None) -> str:
    """Number as text; empty if unknown."""
    return "" if value is None else str(value)


def run_command(run: Run) -> str:
    """Command of a run, quoted for a shell."""
    if run.command is not None:
        return f"sh -c {run.command}"
    return format_argv(run.argv) if run.argv else RUNNER_DEFAULT


def runner_command(runner: Runner) -> str:
    """Default command of a runner; empty if the image defines it."""
    if runner.run_command:
        return f"sh -c {runner.run_command}"
    return format_argv(runner.argv)


def unique_prefixes(identifiers: Iterable[str], min_length: int = 8) -> dict[str, str]:
    """Maps each id to its shortest unique prefix of at least `min_length` characters."""
    ordered = sorted(set(identifiers))
    prefixes = {}
    for position, identifier in enumerate(ordered):
        neighbours = (*ordered[max(position - 1, 0) : position], *ordered[position + 1 :][:1])
        longest = max((_common_prefix_length(identifier, other) for other in neighbours), default=0)
        prefixes[identifier] = identifier[: max(longest + 1, min_length)]
    return prefixes


def _common_prefix_length(first: str, second: str) -> int:
    """Length of the common prefix of two texts."""
    pairs = zip(first, second, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))
