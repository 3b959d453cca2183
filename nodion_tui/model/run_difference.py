"""How what two runs executed differs: command, argv, entrypoint, environment, image.

Values are compared as they are, and told with secrets masked. All texts are sanitized.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from typing import NamedTuple

import msgspec

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.text.format import RUNNER_DEFAULT, count, date_time
from nodion_tui.model.text.masking import MASK, looks_secret, mask_argv, mask_command
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger import format_argv
from nodion_tui.model.trigger_draft import EnvRow

_MASKED_DIFFERENCE = " (differs where it is masked)"


class RunDifference(NamedTuple):
    """One thing that differs."""

    name: str
    """Such as `command` or `env DB_URL`."""
    older: str | None
    """None: the older run has no such thing."""
    newer: str | None


class ExecutedRun(msgspec.Struct, frozen=True):
    """What is known of what a run executed."""

    run: Run
    runner: Runner | None
    """As it is now; None if the service does not tell."""
    env: tuple[EnvRow, ...] | None
    """What its environment was overridden with; None if that is not known."""


class RunComparison(msgspec.Struct, frozen=True):
    """What two runs executed, compared."""

    differences: tuple[RunDifference, ...]
    equal: tuple[str, ...]
    """What is equal, such as `entrypoint`."""
    notes: tuple[str, ...]
    """What is not known for certain, one sentence each."""


def compare_runs(older: ExecutedRun, newer: ExecutedRun, now: datetime) -> RunComparison:
    """Compare two runs.

    Args:
        older: the run to compare with.
        newer: the run.
        now: for the words of dates.
    """
    comparison = _Comparison(older, newer, now)
    comparison.compare()
    return RunComparison(
        tuple(comparison.differences), tuple(comparison.equal), tuple(comparison.notes)
    )


class _Comparison:
    """Collects what differs, what is equal, and what is not known."""

    def __init__(self, older: ExecutedRun, newer: ExecutedRun, now: datetime) -> None:
        self._older = older
        self._newer = newer
        self._now = now
        self.differences: list[RunDifference] = []
        self.equal: list[str] = []
        self.notes: list[str] = []

    def compare(self) -> None:
        """Compare everything."""
        older, newer = self._older.run, self._newer.run
        if older.argv and newer.argv:
            self._compare_argv(older.argv, newer.argv)
        else:
            self._compare_commands(older, newer)
        self._compare_text(
            "entrypoint", _entrypoint(older), _entrypoint(newer), older.entrypoint, newer.entrypoint
        )
        self._compare_environments()
        self._compare_runners()

    def _compare_text(
        self, name: str, older: str | None, newer: str | None, *values: str | None
    ) -> None:
        """Compare two values that are told as texts, whose secrets are masked."""
        older_value, newer_value = values
        if older_value == newer_value:
            self.equal.append(name)
        else:
            another = _MASKED_DIFFERENCE if older == newer else ""
            self._differ(name, older, None if newer is None else newer + another)

    def _differ(self, name: str, older: str | None, newer: str | None) -> None:
        texts = (None if text is None else sanitize(text) for text in (older, newer))
        self.differences.append(RunDifference(sanitize(name), *texts))

    def _compare_commands(self, older: Run, newer: Run) -> None:
        if older.is_default and newer.is_default:
            self.equal.append(f"command ({RUNNER_DEFAULT})")
        else:
            self._compare_text(
                "command", _command(older), _command(newer), *map(_value, (older, newer))
            )

    def _compare_argv(self, older: Sequence[str], newer: Sequence[str]) -> None:
        if tuple(older) == tuple(newer):
            self.equal.append("argv")
            return
        masked_older, masked_newer = mask_argv(older), mask_argv(newer)
        same = 0
        matcher = SequenceMatcher(None, older, newer, autojunk=False)
        for tag, start, stop, new_start, new_stop in matcher.get_opcodes():
            if tag == "equal":
                same += stop - start
                continue
            gone, new = masked_older[start:stop], masked_newer[new_start:new_stop]
            another = _MASKED_DIFFERENCE if gone == new else ""
            self._differ(
                f"argv[{new_start if new else start}]",
                format_argv(gone) if gone else None,
                format_argv(new) + another if new else None,
            )
        if same:
            self.equal.append(f"{same} of {count(max(len(older), len(newer)), 'argument')}")

    def _compare_environments(self) -> None:
        older, newer = (_variables(side.env) for side in (self._older, self._newer))
        unknown = [
            short_id(side.run.id)
            for side, variables in ((self._older, older), (self._newer, newer))
            if variables is None
        ]
        if unknown:
            of_one = f" of {unknown[0]}" if len(unknown) == 1 else ""
            self.notes.append(
                f"environment{of_one} unknown: recorded only for runs started from this machine"
            )
        if older is None or newer is None:
            known = older or newer
            if known:
                side = self._newer if newer else self._older
                names = sanitize(", ".join(sorted(known)))
                self.notes.append(f"environment of {short_id(side.run.id)} overrides {names}")
            return
        same = 0
        for key in sorted(older.keys() | newer.keys()):
            same += self._compare_variable(key, older.get(key), newer.get(key))
        if same:
            self.equal.append(count(same, "variable"))
        elif not older and not newer:
            self.equal.append("environment (not overridden)")

    def _compare_variable(self, key: str, older: EnvRow | None, newer: EnvRow | None) -> bool:
        """Whether a variable is equal in both."""
        if older is not None and newer is not None:
            if older.needs_value or newer.needs_value:
                self.notes.append(sanitize(f"env {key} not compared: secrets are not stored"))
                return False
            if older.value == newer.value:
                return True
        shown, new_shown = (None if row is None else _shown(row) for row in (older, newer))
        another = _MASKED_DIFFERENCE if shown == new_shown else ""
        self._differ(f"env {key}", shown, None if new_shown is None else new_shown + another)
        return False

    def _compare_runners(self) -> None:
        older, newer = self._older, self._newer
        if older.run.runner_id != newer.run.runner_id:
            labels = (
                side.runner.label if side.runner else side.run.runner_id for side in (older, newer)
            )
            self._differ("runner", *labels)
            images = [side.runner.image if side.runner else "" for side in (older, newer)]
            if all(images):
                self._compare_text("image (of today)", *images, *images)
            return
        self.notes.extend(self._runner_changes())

    def _runner_changes(self) -> Iterator[str]:
        """Whether the runner was changed since the runs; a run does not tell its image."""
        runner = self._newer.runner
        times = [side.run.created_at for side in (self._older, self._newer)]
        known = [time for time in times if time is not None]
        if runner is None or runner.updated_at is None or len(known) < len(times):
            yield "image and runner not compared: not known when the runner was changed"
            return
        image = f"image {sanitize(runner.image)}" if runner.image else "image"
        changed = date_time(runner.updated_at, self._now)
        if runner.updated_at <= min(known):
            self.equal.append(f"{image} and runner (unchanged since {changed})")
        elif runner.updated_at <= max(known):
            yield (
                f"runner changed between the runs, {changed}: image, default command and"
                f" environment may differ; {image} since then"
            )
        else:
            yield (
                f"runner changed after both runs, {changed}: they may have had another image;"
                f" {image} now"
            )


def _command(run: Run) -> str:
    if run.command is not None:
        return f"sh -c {mask_command(run.command)}"
    return format_argv(mask_argv(run.argv)) if run.argv else RUNNER_DEFAULT


def _value(run: Run) -> str:
    """What decides whether two commands are equal: also in which way they are given."""
    return repr((run.command, run.argv))


def _entrypoint(run: Run) -> str:
    if run.entrypoint is None:
        return RUNNER_DEFAULT
    return mask_command(run.entrypoint) or '""'


def _variables(rows: Sequence[EnvRow] | None) -> Mapping[str, EnvRow] | None:
    return None if rows is None else {row.key.strip(): row for row in rows if row.is_sent}


def _shown(row: EnvRow) -> str:
    is_secret = row.needs_value or row.hidden or looks_secret(row.key, row.value)
    return MASK if is_secret else row.value or '""'
