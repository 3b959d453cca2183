"""`--ci github`: the log of a run as a group of the job's log, an annotation, and a job summary.

Workflow commands, as of https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
A line of the run that looks like a command is text: commands are stopped while the log is printed.
"""

import os
import secrets
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from nodion_tui.api.follow.events import FollowEvent, NewLines, RunEnded
from nodion_tui.cli.output.streams import Output
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.log.evidence import SUMMARY_LINES, Evidence, markdown_summary
from nodion_tui.monitor.log.segment_text import body_text
from nodion_tui.monitor.log.state import LogState

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
"""File to which a step of a workflow appends its summary, in Markdown."""


class GitHubReport:
    """Reports one run to GitHub Actions while its log is followed.

    Args:
        output: where the log is printed.
        runner: the runner of the run.
        run: as it was triggered.
    """

    def __init__(self, output: Output, runner: Runner, run: Run) -> None:
        self._output = output
        self._runner = runner
        self._run = run
        self._last_lines: deque[str] = deque(maxlen=SUMMARY_LINES)
        self._ended: RunEnded | None = None
        self._count = 0

    def observe(self, event: FollowEvent) -> None:
        """Remembers what the annotation and the summary tell."""
        match event:
            case NewLines(lines=lines):
                self._count += len(lines)
                self._last_lines.extend(line.body for line in lines if line.body.strip())
            case RunEnded():
                self._ended = event
            case _:
                pass

    @contextmanager
    def group(self) -> Iterator[None]:
        """Prints a group around the log, in which no line is a command."""
        token = secrets.token_hex(16)
        name = sanitize(f"{self._runner.label}: run {self._run.id}")
        self._command(f"::group::{_data(name)}")
        self._command(f"::stop-commands::{token}")
        try:
            yield
        finally:
            self._command(f"::{token}::")
            self._command("::endgroup::")
            self._annotate()

    def write_summary(self, profile: str, run: Run, now: datetime) -> None:
        """Appends the page of evidence to the job's summary.

        Args:
            profile: name of the profile.
            run: as it ended.
            now: the server's clock.
        """
        if self._ended is None:
            return  # interrupted: there is no result to tell
        path = os.environ.get(SUMMARY_VARIABLE)
        if not path:
            self._output.notice(f"no job summary: {SUMMARY_VARIABLE} is not set")
            return
        try:
            with Path(path).open("a", encoding="utf-8", errors="replace") as file:
                file.write(self._summary(profile, run, now, complete=self._ended.complete))
        except OSError as error:
            self._output.warning(f"no job summary: {path}: {error.strerror or error}")

    def _summary(self, profile: str, run: Run, now: datetime, *, complete: bool) -> str:
        return markdown_summary(
            Evidence(
                run=run,
                taken_at=now,
                log=LogState(lines=self._count, complete=complete),
                runner=self._runner,
                profile=profile,
                last_lines=tuple(self._last_lines),
            )
        )

    def _annotate(self) -> None:
        state = self._ended.state if self._ended else None
        if state is None or state.status == RunStatus.SUCCEEDED:
            return
        title = sanitize(f"{self._runner.label}: {_ending(state)}")
        lines = "\n".join(map(_plain, self._last_lines))
        text = _data(lines or f"run {self._run.id} {_ending(state)}")
        self._command(f"::error title={_property(title)}::{text}")

    def _command(self, text: str) -> None:
        self._output.write(f"{text}\n".encode("utf-8", "backslashreplace"))


def _ending(state: FinalState) -> str:
    code = "" if state.exit_code is None else f", exit {state.exit_code}"
    return f"{state.status}{code}"


def _plain(line: str) -> str:
    return sanitize(body_text(line.encode("utf-8", "surrogatepass")))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
