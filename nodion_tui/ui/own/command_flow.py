"""Runs one command of one's own: asks, gives it what it wants, shows what becomes of it."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nodion_tui.model.own_command import CommandInput, CommandOutput, OwnCommand
from nodion_tui.model.run import Run
from nodion_tui.model.runner import short_id
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.log.save import safe_file_name
from nodion_tui.monitor.own.command_run import (
    CommandEnd,
    command_environ,
    end_problem,
    run_command,
    start_problem,
)
from nodion_tui.monitor.own.given_input import (
    Chunks,
    log_text,
    private_input_folder,
    run_payload,
    write_input,
)
from nodion_tui.monitor.own.output_buffer import OutputBuffer
from nodion_tui.ui.log.copied_text import selected_text
from nodion_tui.ui.log.excerpt import Excerpt, filtered_excerpt, selected_excerpt
from nodion_tui.ui.own.confirm_dialog import ConfirmCommandDialog
from nodion_tui.ui.own.log_reading import read_log
from nodion_tui.ui.own.output_screen import OutputScreen
from nodion_tui.ui.own.target import CommandTarget
from nodion_tui.ui.terminal.lent_terminal import run_on_terminal

if TYPE_CHECKING:
    from textual.app import App

MAX_WORD_BYTES = 100_000
"""Bytes of a selection as one word of a command; Linux takes 131,072."""
_TOAST_LINES = 3
"""Last lines of the output in a toast."""
_TOAST_CHARACTERS = 400
_TOAST_SECONDS = 8


class NothingToGive(Exception):
    """What a command is to be given is not there; the text says why."""


@dataclass(frozen=True, slots=True)
class CommandFlow:
    """One command on one target.

    Attributes:
        app: shows dialogs and toasts, and lends its terminal.
        command: what is run.
        target: what was under the cursor when the key was pressed.
    """

    app: "App[Any]"
    command: OwnCommand
    target: CommandTarget

    async def run(self) -> None:
        """Run the command to its end; a failure is told, never raised."""
        try:
            selection = self._selection()
            values = self._values(selection)
        except NothingToGive as reason:
            self._toast(str(reason))
            return
        argv = self.command.argv(values)
        if self.command.confirm:
            dialog = ConfirmCommandDialog(self.command.title, argv, self._subject)
            if not await self.app.push_screen_wait(dialog):
                return
        stack = ExitStack()
        try:
            given = await self._prepare(stack, selection)
            if self.command.has_file and given is not None:
                argv, given = self.command.argv({**values, "{file}": str(given)}), None
            await self._run(argv, given)
        except OSError as error:
            self._toast(f"Not given to the command: {error.strerror or error}", is_problem=True)
        except NothingToGive as reason:
            self._toast(str(reason))
        finally:
            await asyncio.to_thread(stack.close)

    @property
    def _subject(self) -> str:
        run, runner = self.target.run, self.target.runner
        monitor = self.target.monitor
        name = runner.label if runner else ""
        if runner is not None and monitor is not None:
            name = monitor.label(runner.id)
        return f"run {short_id(run.id)} of {name}" if run and self._is_about_run else name

    @property
    def _is_about_run(self) -> bool:
        return self.command.on != "runner"

    def _values(self, selection: str) -> Mapping[str, str]:
        """Placeholder → value, but for the file.

        Raises:
            NothingToGive: a value cannot be a word of a command.
        """
        run, runner = self.target.run, self.target.runner
        runner_id = run.runner_id if run and self._is_about_run else runner.id if runner else ""
        monitor = self.target.monitor
        if monitor is not None:
            runner_id = monitor.account_of(runner_id).service_id(runner_id)
        values = {"{runner}": runner_id}
        if run is not None:
            values["{run}"] = run.id
        if "{selection}" in self.command.command:
            if len(selection.encode("utf-8", "replace")) > MAX_WORD_BYTES:
                raise NothingToGive(
                    f"The selection is longer than {MAX_WORD_BYTES:,} bytes: use give = selection."
                )
            values["{selection}"] = selection.replace("\0", "")
        return values

    def _selection(self) -> str:
        """The selected text as it is now, before a dialog; empty if nobody needs it as a text."""
        log = self.target.log
        if self.command.on != "selection" or log is None or log.annotations.selection is None:
            return ""
        return selected_text(log.viewport, log.annotations.selection).text

    async def _prepare(self, stack: ExitStack, selection: str) -> Path | None:
        """The file with what the command is given; None: nothing.

        Raises:
            NothingToGive: the log cannot be read.
            OSError: the file cannot be written.
        """
        run = self.target.run
        if self.command.input is CommandInput.NOTHING or run is None:
            return None
        chunks = await self._chunks(run, selection)
        folder = await asyncio.to_thread(stack.enter_context, private_input_folder())
        suffix = "json" if self.command.input is CommandInput.RUN else "log"
        path = folder / f"{safe_file_name(run.id[:8])}.{suffix}"
        await asyncio.to_thread(lambda: write_input(path, chunks()))
        return path

    async def _chunks(self, run: Run, selection: str) -> Callable[[], Chunks]:
        """Returns what the command is given; called in a thread."""
        monitor = self.target.monitor
        if monitor is None or self.command.input is CommandInput.RUN:
            account = monitor.account_of(run.runner_id) if monitor else None
            sent_run = account.service_run(run) if account else run
            payload = run_payload(sent_run, self.target.runner)
            return lambda: (payload,)
        excerpt = self._excerpt()
        if self.command.input is CommandInput.SELECTION and not self._selects_lines:
            text = f"{selection}\n".encode("utf-8", "replace")
            return lambda: (text,)
        session = monitor.logs.get(run.key)
        if problem := await read_log(session):
            self._toast(problem, is_problem=True)
        segments = session.buffer.snapshot()
        if excerpt is None:
            return lambda: log_text(segments)
        indexes = excerpt.indexes
        return lambda: log_text(segments, indexes())

    @property
    def _selects_lines(self) -> bool:
        log = self.target.log
        selection = log.annotations.selection if log else None
        return selection is not None and selection.whole_lines

    def _excerpt(self) -> Excerpt | None:
        """The lines that the command is given; None: all."""
        log = self.target.log
        if log is None:
            return None
        if self.command.input is CommandInput.FILTERED:
            return filtered_excerpt(log.viewport)
        if self.command.input is CommandInput.SELECTION and log.annotations.selection is not None:
            return selected_excerpt(log.viewport, log.annotations.selection)
        return None

    async def _run(self, argv: Sequence[str], given: Path | None) -> None:
        accounts = self.target.monitor.accounts if self.target.monitor else ()
        environ = command_environ(os.environ, [account.profile for account in accounts])
        if self.command.take is CommandOutput.SCREEN:
            self._run_on_screen(argv, environ, given)
        elif self.command.take is CommandOutput.PANE:
            await self._run_in_pane(argv, environ, given)
        else:
            is_told = self.command.take is CommandOutput.TOAST
            output = OutputBuffer() if is_told else None
            end = await self._captured(argv, environ, given, output)
            self._tell(end, output)

    def _run_on_screen(
        self, argv: Sequence[str], environ: Mapping[str, str], given: Path | None
    ) -> None:
        with ExitStack() as files:
            stdin = None if given is None else files.enter_context(given.open("rb"))
            try:
                code = run_on_terminal(self.app, argv, environ, stdin)
            except (OSError, ValueError) as error:
                self._toast(start_problem(argv, error), is_problem=True)
                return
        if code is None:
            self._toast("This terminal cannot be lent to another program.", is_problem=True)
        elif problem := end_problem(argv, code):
            self._toast(problem, is_problem=True)

    async def _run_in_pane(
        self, argv: Sequence[str], environ: Mapping[str, str], given: Path | None
    ) -> None:
        output = OutputBuffer()
        running = asyncio.ensure_future(self._captured(argv, environ, given, output))
        screen = OutputScreen(self.command.title, output, running.cancel)
        self.app.push_screen(screen)
        try:
            screen.show_end(await running)
        except asyncio.CancelledError:
            if not running.cancelled():  # the app ends
                running.cancel()
                raise

    async def _captured(
        self,
        argv: Sequence[str],
        environ: Mapping[str, str],
        given: Path | None,
        output: OutputBuffer | None,
    ) -> CommandEnd:
        timeout = self.command.timeout
        return await run_command(argv, environ, given=given, limit=timeout, output=output)

    def _tell(self, end: CommandEnd, output: OutputBuffer | None) -> None:
        """Show the last lines of the output, and a failure whether they are wanted or not."""
        lines = [sanitize(line) for line in output.lines if line.strip()] if output else []
        texts = [*filter(None, [end.problem]), *lines[-_TOAST_LINES:]]
        if not texts and output is not None:
            texts = ["Done."]
        if texts:
            self._toast("\n".join(_shortened(texts)), is_problem=bool(end.problem))

    def _toast(self, text: str, *, is_problem: bool = False) -> None:
        self.app.notify(
            "\n".join(map(sanitize, text.split("\n"))),
            title=sanitize(self.command.title),
            severity="warning" if is_problem else "information",
            timeout=_TOAST_SECONDS,
            markup=False,
        )


def _shortened(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield text if len(text) <= _TOAST_CHARACTERS else f"{text[:_TOAST_CHARACTERS]}…"
