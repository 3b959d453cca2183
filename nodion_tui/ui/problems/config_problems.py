"""Tells on the screen what cannot work in config.toml, and lists it on request."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nodion_tui.config.problems import Problem
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.commands.registry import key_of

if TYPE_CHECKING:
    from textual.app import App

FindProblems = Callable[[Sequence[Runner]], Sequence[Problem]]
"""Finds the problems, given the runners of the service; without any, patterns are not checked."""
MAX_TOLD = 3
"""Problems that a toast tells; the list has all."""
_LOW_ROWS = 20
"""Rows of a window in which it tells them all; a lower one has room for one."""


def no_problems(_runners: Sequence[Runner]) -> Sequence[Problem]:
    """Of an app that was started without a configuration."""
    return ()


class ConfigProblems:
    """The problems of the configuration, each told once.

    Args:
        app: shows the list.
        find: finds the problems.
        keymap: command id → keys, for rebound commands.
        tell: shows a toast that stays, of a title and a text, and returns what removes it
            and tells whether it still stood.
        start: runs what waits for the list.
    """

    def __init__(
        self,
        app: "App[Any]",
        find: FindProblems,
        keymap: Mapping[str, str],
        tell: Callable[[str, str], Callable[[], bool]],
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._app, self._find, self._keymap = app, find, keymap
        self._tell, self._start = tell, start
        self._checked: tuple[tuple[str, str], ...] | None = None
        self._problems: tuple[Problem, ...] = ()
        self._told: set[Problem] = set()
        self._toast: tuple[Callable[[], bool], tuple[Problem, ...]] | None = None
        """What removes the newest toast, and the problems that it is about."""

    def check(self, runners: Sequence[Runner]) -> None:
        """Look for problems, if the runners are others than at the last call, and tell new ones.

        A toast that still stands is replaced by one of its problems and the new ones.
        """
        names = tuple((runner.id, runner.name) for runner in runners)
        if names == self._checked:
            return
        self._checked = names
        self._problems = tuple(self._find(runners))
        untold = tuple(problem for problem in self._problems if problem not in self._told)
        self._told.update(untold)
        if untold:
            told = (*untold, *(each for each in self._take_back() if each in self._problems))
            self._toast = self._tell("config.toml", self._text(told)), told

    def action_problems(self) -> None:
        """List the problems, each with file and line."""
        self._take_back()
        if self._problems:
            self._start(self._list())
        else:
            self._app.notify("config.toml has no problems.", timeout=4, markup=False)

    def _take_back(self) -> tuple[Problem, ...]:
        """Remove the toast, and return its problems; none if it was dismissed."""
        toast, self._toast = self._toast, None
        if toast is None:
            return ()
        remove, told = toast
        return told if remove() else ()

    async def _list(self) -> None:
        from nodion_tui.ui.problems.problem_dialog import ProblemDialog  # noqa: PLC0415 - seldom

        await self._app.push_screen_wait(ProblemDialog(self._problems))

    def _text(self, problems: Sequence[Problem]) -> str:
        # A toast of three problems covers a low window, and is cut at its end.
        told = MAX_TOLD if self._app.size.height >= _LOW_ROWS else 1
        lines = [sanitize(str(problem)) for problem in problems[:told]]
        key = key_of("app.problems", self._keymap) or "the palette"
        return "\n".join([*lines, f"{key} lists {count(len(self._problems), 'problem')}."])
