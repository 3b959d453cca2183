"""The merged log between title and footer."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from textual.widget import Widget

from nodion_tui.model.text.format import count
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.monitor.merged.merged_runs import RunChoice
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.storage.ui_state import UiState
from nodion_tui.ui.chrome.mode_body import ModeBody
from nodion_tui.ui.commands.command import Command
from nodion_tui.ui.log import status_text
from nodion_tui.ui.log.border import BorderText
from nodion_tui.ui.log.log_hints import log_hints, worded
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.log.pane import LogPane
from nodion_tui.ui.log.status_text import LogTexts
from nodion_tui.ui.log.typing_hints import typing_hints
from nodion_tui.ui.merged.merged_model import MergedModel
from nodion_tui.ui.merged.run_labels import RunLabels
from nodion_tui.ui.session.messages import OpenRun

_OF_ONE_RUN = frozenset(
    {"app.merged", "app.back", "app.dashboard", "log.compare", "log.public", "log.retry"}
)
"""Commands that mean nothing here, and the other way to the dashboard."""


class MergedBody(ModeBody):
    """A log pane with the lines of many runs; nothing is read while another mode is active.

    Args:
        model_of: starts what is shown of a monitor, for a choice of runs.
        choice: returns the runs that a person wants to see.
    """

    def __init__(
        self, model_of: Callable[[Monitor, RunChoice], MergedModel], choice: Callable[[], RunChoice]
    ) -> None:
        self._model_of = model_of
        self._choice = choice
        self._monitor: Monitor | None = None
        self._waiting = ""
        self.model: MergedModel | None = None
        """What is shown; None until there is a profile."""
        texts = LogTexts(title=self._title, facts=self._facts, placeholder=self._placeholder)
        self.pane = LogPane(id="merged-log", texts=texts, open_entry=self._open_run)

    def widgets(self) -> Iterable[Widget]:
        """The log."""
        return (self.pane,)

    def restart(self, monitor: Monitor | None, placeholder: str) -> None:
        """Show a monitor, and nothing of the previous one."""
        self._monitor, self._waiting = monitor, placeholder
        self.pane.monitor = monitor
        self._forget()
        self.update()

    def update(self) -> None:
        """Add runs, and show others if others are chosen now."""
        choice = self._choice()
        if self.model is not None and self.model.runs.choice != choice:
            self._forget()
        if self.model is None and self._monitor is not None:
            self.model = self._model_of(self._monitor, choice)
            self._show(self.model)
        self.tick()

    def tick(self) -> None:
        """Add runs."""
        if self.model is not None:
            self.model.update_runs()
            self.model.reader.start()
        self.pane.redraw()

    def pause(self) -> None:
        """Stop reading while another mode is active."""
        if self.model is not None:
            self.model.stop()

    def is_available(self, command: Command) -> bool:
        """Whether a command is applicable now; the footer shows no others."""
        hints = log_hints(self.pane)
        match command.id:
            case "merged.runs":
                return self.model is not None and bool(self.model.log.sources)
            case "merged.leave":
                return not (hints.is_searching or hints.is_selecting)
            case _:
                return hints.availability().get(command.id, command.id not in _OF_ONE_RUN)

    def worded(self, command: Command) -> Command:
        """A command in the words of the moment, as the footer shows it."""
        return worded(command, dict(log_hints(self.pane).words()))

    def typed_keys(self) -> Sequence[Command]:
        """The keys of the line under the log in which something is typed."""
        return typing_hints(self.pane)

    def restore_state(self, state: UiState) -> None:
        """Restore display options and searches."""
        self.pane.restore_state(state)

    def _show(self, model: MergedModel) -> None:
        self.pane.show(model.log, None)
        log = self.pane.open_log
        if log is not None:
            sources, columns = partial(getattr, model.log, "sources"), partial(_columns, self.pane)
            log.viewport.labels = RunLabels(model.log.buffer, sources, columns)

    def _forget(self) -> None:
        if self.model is not None:
            self.pane.show(None, None)
            self.model.close()
        self.model = None

    def _open_run(self, log: OpenLog) -> None:
        if self.model is None or not len(log.viewport.entries):
            return
        source, entry = self.model.log.buffer.source_of(log.viewport.cursor)
        self.pane.post_message(OpenRun(source.session.key, entry=entry.position))

    def _title(self, _: OpenLog) -> str:
        if self.model is None:
            return "Merged log"
        return " · ".join(("Merged log", *self.model.title_words()))

    def _facts(self, log: OpenLog) -> tuple[BorderText, ...]:
        state = log.session.state
        complete = self.model.summary() if self.model else ""
        if not complete or (state.phase is LogPhase.LOADING and not state.lines):
            return ()  # no claim about lines before there are any
        facts = [BorderText(complete, "paused" if state.gaps else "facts")]
        facts.append(BorderText(count(state.lines, "line")))
        if not_public := log.session.buffer.service_levels.count:
            facts.append(BorderText(f"{not_public:,} not public"))
        if state.dropped:
            facts.append(BorderText(f"{state.dropped:,} dropped"))
        return tuple(facts)

    def _placeholder(self, log: OpenLog | None) -> tuple[str, ...]:
        if log is None or self.model is None:
            return (self._waiting,)
        if log.failure or log.navigator.search is not None:
            return status_text.placeholder(log)
        return self.model.empty_text()


def _columns(widget: Widget) -> int:
    return widget.size.width
