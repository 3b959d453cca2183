"""Rules that have become true of a run, told as each wants: toast, bell, desktop, command."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nodion_tui.model.notify_rule import NotifyChannel, NotifyRule
from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.terminal.restore import send_escape

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.model.run import Run
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.notify.hook import HookRunner
    from nodion_tui.monitor.notify.rules import RuleChecker, RunNotification

MAX_SINGLE_NOTICES = 3
"""More notices than so many at once become one."""
_HOOKS = "hooks"
_TOAST_SECONDS = 10


class RuleAlerts:
    """Holds rules against runs, and tells of those that they are true of.

    Args:
        app: whose screen and terminal are used.
        rules: as configured.
    """

    def __init__(self, app: "App[None]", rules: Sequence[NotifyRule]) -> None:
        self._app = app
        self._rules = tuple(rules)
        self._monitor: Monitor | None = None
        self._watch: RuleChecker | None = None
        self._hooks: HookRunner | None = None

    def attach(self, monitor: "Monitor | None") -> None:
        """Hold the rules against another monitor's runs; commands under way are ended."""
        if self._hooks is not None:
            self._app.workers.cancel_group(self._app, _HOOKS)
        self._monitor, self._watch, self._hooks = monitor, None, None

    def check(self, runs: "Sequence[Run]") -> None:
        """Hold the rules against runs that changed, or that go on; the first time, begin."""
        monitor = self._monitor
        if monitor is None or not self._rules:
            return
        watch = self._watching(monitor)
        names = {runner.id: runner.label for runner in monitor.runs.runners}
        notices = watch.check(runs, names, monitor.server_now())
        if notices:
            self._tell(notices)

    def _watching(self, monitor: "Monitor") -> "RuleChecker":
        from nodion_tui.monitor.notify.rules import RuleChecker  # noqa: PLC0415 - where there are rules

        if self._watch is None:
            # Not before the first answer: only that tells how late it is over there.
            self._watch = RuleChecker(self._rules, since=monitor.server_now())
        return self._watch

    def _tell(self, notices: "Sequence[RunNotification]") -> None:
        for title, body, is_bad in summarize_notices(_of(notices, NotifyChannel.TOAST)):
            self._app.notify(
                body,
                title=title,
                severity="error" if is_bad else "information",
                timeout=_TOAST_SECONDS,
                markup=False,
            )
        if _of(notices, NotifyChannel.BELL):
            self._app.bell()
        self._notify(_of(notices, NotifyChannel.DESKTOP))
        for notice in notices:
            if notice.rule.command:
                name = f"rule {notice.rule.name}"
                self._app.run_worker(
                    self._run(notice), group=_HOOKS, name=name, exit_on_error=False
                )

    def _notify(self, notices: "Sequence[RunNotification]") -> None:
        from nodion_tui.monitor.notify.desktop import detect_protocol, notification_sequence  # noqa: PLC0415 - seldom

        protocol = detect_protocol(os.environ)
        for title, body, _ in summarize_notices(notices):
            send_escape(self._app, notification_sequence(title, body, protocol, os.environ))

    async def _run(self, notice: "RunNotification") -> None:
        """Run a rule's command to its end, and say so where it fails."""
        result = await self._running().run(notice)
        if result.problem:
            title = sanitize(f"Rule {notice.rule.name}").rstrip()
            self._app.notify(
                sanitize(result.problem), title=title, severity="warning", markup=False
            )

    def _running(self) -> "HookRunner":
        from nodion_tui.monitor.notify.hook import HookRunner  # noqa: PLC0415 - seldom

        if self._hooks is None:
            profile = self._monitor.profile if self._monitor else None
            source = profile.key_source if profile else None
            self._hooks = HookRunner(
                os.environ,
                [profile.key] if profile and profile.key else (),
                key_variables=[source.name] if source and source.kind == "environment" else (),
            )
        return self._hooks


def summarize_notices(notices: "Sequence[RunNotification]") -> list[tuple[str, str, bool]]:
    """Title, body, and whether it is bad; many at once are told as one."""
    if len(notices) <= MAX_SINGLE_NOTICES:
        return [(each.title, each.body, each.needs_attention) for each in notices]
    bad = [each for each in notices if each.needs_attention]
    names = sorted({each.runner for each in bad or notices})
    more = f" and {len(names) - MAX_SINGLE_NOTICES} more" if len(names) > MAX_SINGLE_NOTICES else ""
    title = f"{len(notices)} runs" + (f", {len(bad)} of them bad" if bad else "")
    return [(title, sanitize(", ".join(names[:MAX_SINGLE_NOTICES]) + more), bool(bad))]


def _of(notices: "Sequence[RunNotification]", channel: NotifyChannel) -> "list[RunNotification]":
    return [each for each in notices if channel in each.rule.tell]
