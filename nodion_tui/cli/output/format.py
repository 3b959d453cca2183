"""Values in words for a line of text: ages, durations, statuses, what a run executes."""

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
    """A status as one character; `?` for one that the API reference does not name."""
    known = _GLYPHS.get(status)
    return known[1 if ascii_only else 0] if known else "?"


def status_style(status: str) -> str:
    """SGR parameters of a status: the terminal's own sixteen colours, so that its theme holds."""
    return _STYLES.get(status, "")


def format_age(since: datetime | None, now: datetime) -> str:
    """How long ago: `42s ago`, `2h ago`; empty if unknown. A time to come counts as now."""
    if since is None:
        return ""
    seconds = max(int((now - since).total_seconds()), 0)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit} ago"
    return f"{seconds}s ago"


def format_duration(length: timedelta | None) -> str:
    """Minutes and seconds as `04:30`, with hours `1:04:30`; empty if unknown."""
    if length is None:
        return ""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def format_local_time(moment: datetime | None) -> str:
    """Date and time in this machine's zone; empty if unknown."""
    return "" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def format_iso(moment: datetime | None) -> str:
    """The moment for a script: ISO 8601 with its offset; empty if unknown."""
    return "" if moment is None else moment.isoformat(timespec="milliseconds")


def format_number(value: int | None) -> str:
    """The number; empty if unknown."""
    return "" if value is None else str(value)


def run_command(run: Run) -> str:
    """What a run executes, quoted as a shell would need it."""
    if run.command is not None:
        return f"sh -c {run.command}"
    return format_argv(run.argv) if run.argv else RUNNER_DEFAULT


def runner_command(runner: Runner) -> str:
    """What a runner executes by default; empty if its image decides."""
    if runner.run_command:
        return f"sh -c {runner.run_command}"
    return format_argv(runner.argv)


def unique_prefixes(identifiers: Iterable[str], min_length: int = 8) -> dict[str, str]:
    """Each id's shortest start, of at least so many characters, that tells it from the others."""
    ordered = sorted(set(identifiers))
    starts = {}
    for position, identifier in enumerate(ordered):
        neighbours = (*ordered[max(position - 1, 0) : position], *ordered[position + 1 :][:1])
        shared = max((_shared(identifier, other) for other in neighbours), default=0)
        starts[identifier] = identifier[: max(shared + 1, min_length)]
    return starts


def _shared(one: str, other: str) -> int:
    """Length of the start that two texts have in common."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
