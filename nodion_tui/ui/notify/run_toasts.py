"""Toasts that lead to a run by a key; those that need attention stay until they are read.

Textual removes a toast by its time alone, or all of them. To remove one, its time is set to
nothing, and a notification that has expired makes the screen look again; both are public.
"""

import time
from collections import deque
from collections.abc import Callable, Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from textual.notifications import Notification, Notify

from nodion_tui.model.run import RunKey
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.commands.registry import key_of
from nodion_tui.ui.session.messages import OpenRun

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.monitor.notify.rules import RunNotification

MAX_SINGLE_NOTICES = 3
"""More notifications than this are summarized in one."""
MAX_UNREAD = 500
"""Notifications that stay; the oldest are forgotten."""
MAX_TRAIL = 100
"""Runs to which the key leads, one after the other."""
TOAST_SECONDS = 10
READ_SECONDS = 2.0
"""A toast that is there for less is not read yet, whatever has the focus."""
_STAYS = 10 * 365 * 86_400.0
"""Seconds of a toast that stays: Textual wants a number."""


class _Unread(msgspec.Struct, frozen=True):
    """A notification that stays, and when it came, on the monotonic clock."""

    notice: "RunNotification"
    since: float


class RunToasts:
    """Shows notifications of runs; its actions are for `delegate_actions`.

    Args:
        app: shows the toasts, and opens runs.
        keymap: command id → keys, for rebound commands.
    """

    def __init__(self, app: "App[Any]", keymap: Mapping[str, str]) -> None:
        self._app = app
        self._keymap = keymap
        self._unread: dict[tuple[RunKey, str], _Unread] = {}
        """By run and the pattern of its line; the pattern is empty for the state of the run."""
        self._staying: dict[tuple[str, str], Notification] = {}
        """Title and text → the toast that stays."""
        self._warnings: list[Notification] = []
        """Those that lead to no run, and were not dismissed."""
        self._trail: deque[RunKey] = deque(maxlen=MAX_TRAIL)
        """Runs that were told and not visited, newest last."""

    def show(self, notices: "Sequence[RunNotification]") -> None:
        """Show notifications: those that need attention until they are read."""
        for notice in notices:
            key = notice.run.key
            if key in self._trail:
                self._trail.remove(key)
            self._trail.append(key)
            if notice.needs_attention:
                pattern = "" if notice.match is None else notice.rule.name
                self._unread.pop((key, pattern), None)
                self._unread[key, pattern] = _Unread(notice, time.monotonic())
        while len(self._unread) > MAX_UNREAD:
            del self._unread[next(iter(self._unread))]
        self._show_unread()
        for title, body, _ in summarize_notices([n for n in notices if not n.needs_attention]):
            text = f"{body}\n{self._hint('app.open_told', 'shows it')}"
            self._app.notify(text, title=title, timeout=TOAST_SECONDS, markup=False)

    def tell(self, title: str, text: str) -> Callable[[], bool]:
        """Show a warning that stays until it is dismissed; it leads to no run.

        Returns:
            Removes it, and returns whether it still stood.
        """
        dismissal = self._hint("app.dismiss_toasts", "dismisses it")
        toast = Notification(f"{text}\n{dismissal}".rstrip(), title, "warning", _STAYS)
        self._warnings.append(toast)
        self._post(toast)
        return lambda: self._take_back(toast)

    def mark_seen(self, key: RunKey) -> None:
        """The log of the run has the focus: its toast goes, unless it has just come."""
        now = time.monotonic()
        self._mark_read(key, lambda unread: now - unread.since >= READ_SECONDS)

    def mark_ended(self, keys: Container[RunKey]) -> None:
        """These runs have ended: what says that one is still running goes."""
        outdated = [
            at
            for at, unread in self._unread.items()
            if at[0] in keys and unread.notice.match is None and not unread.notice.run.is_final
        ]
        self._drop(outdated)

    def forget(self) -> None:
        """Remove what belongs to the runs of a profile that is left."""
        self._unread.clear()
        self._trail.clear()
        self._show_unread()

    def action_open_told(self) -> None:
        """Go to the run of the newest notification; again: to that of the one before."""
        if not self._trail:
            self._app.notify("No notification leads to a run.", timeout=3, markup=False)
            return
        if len(self._app.screen_stack) > 1:  # such as a comparison, which would cover the run
            self._app.notify("Close what is in front first.", timeout=3, markup=False)
            return
        key = self._trail.pop()
        self._mark_read(key, lambda _: True)
        self._app.post_message(OpenRun(key))

    def action_dismiss_toasts(self) -> None:
        """Remove every toast; the key still leads to their runs."""
        self._unread.clear()
        self._staying.clear()
        self._warnings.clear()
        self._app.clear_notifications()

    def _mark_read(self, key: RunKey, is_read: Callable[[_Unread], bool]) -> None:
        self._drop([at for at, unread in self._unread.items() if at[0] == key and is_read(unread)])

    def _drop(self, places: Sequence[tuple[RunKey, str]]) -> None:
        for place in places:
            del self._unread[place]
        if places:
            self._show_unread()

    def _show_unread(self) -> None:
        """Show the toasts of unread notifications, and remove those of others."""
        told = summarize_notices([unread.notice for unread in self._unread.values()])
        gone = self._staying.keys() - {(title, body) for title, body, _ in told}
        self._remove([self._staying.pop(key) for key in gone])
        hints = (
            self._hint("app.open_told", "shows it"),
            self._hint("app.dismiss_toasts", "dismisses all"),
        )
        for title, body, _ in told:
            if (title, body) not in self._staying:
                text = f"{body}\n{', '.join(filter(None, hints))}"
                toast = self._staying[title, body] = Notification(text, title, "error", _STAYS)
                self._post(toast)

    def _take_back(self, warning: Notification) -> bool:
        # By identity: warnings of the same text are equal.
        stood = any(each is warning for each in self._warnings)
        self._warnings = [each for each in self._warnings if each is not warning]
        self._remove([warning] if stood else [])
        return stood

    def _remove(self, toasts: Sequence[Notification]) -> None:
        for toast in toasts:
            toast.timeout = 0
        if toasts:
            self._post(Notification("", timeout=0))

    def _post(self, notification: Notification) -> None:
        self._app.post_message(Notify(notification))

    def _hint(self, command_id: str, what: str) -> str:
        key = key_of(command_id, self._keymap)
        return f"{key} {what}" if key else ""


def summarize_notices(notices: "Sequence[RunNotification]") -> list[tuple[str, str, bool]]:
    """Title, body, and whether it needs attention; many at once become one summary."""
    if len(notices) <= MAX_SINGLE_NOTICES:
        return [(notice.title, notice.body, notice.needs_attention) for notice in notices]
    urgent = [notice for notice in notices if notice.needs_attention]
    names = sorted({notice.runner for notice in urgent or notices})
    more = f" and {len(names) - MAX_SINGLE_NOTICES} more" if len(names) > MAX_SINGLE_NOTICES else ""
    all_runs, urgent_runs = ({notice.run.key for notice in each} for each in (notices, urgent))
    title = f"{len(all_runs)} runs"
    if urgent_runs == all_runs:
        title = f"{title} need attention"
    elif urgent:
        title = f"{title}, {len(urgent_runs)} need attention"
    return [(title, sanitize(", ".join(names[:MAX_SINGLE_NOTICES]) + more), bool(urgent))]
