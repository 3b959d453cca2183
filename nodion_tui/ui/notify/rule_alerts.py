"""Delivers notifications: toast, bell, desktop, hook command.

They are due where a rule matches, and without a rule when a run ends that was started from here.
"""

import os
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nodion_tui.model.notify_rule import NotifyChannel, NotifyRule
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.terminal.restore import send_escape

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.model.run import Run, RunKey
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.notify.hook import HookRunner
    from nodion_tui.monitor.notify.rules import RuleChecker, RunNotification

MAX_SINGLE_NOTICES = 3
"""More simultaneous notifications than this are summarized in one."""
_HOOKS = "hooks"
_TOAST_SECONDS = 10


class RuleAlerts:
    """Checks runs against the notification rules and delivers the notifications.

    The end of a run that was started from here is told by a toast, and by bell and desktop if any
    rule uses them.

    Args:
        app: provides screen and terminal.
        rules: the configured rules.
    """

    def __init__(self, app: "App[None]", rules: Sequence[NotifyRule]) -> None:
        self._app = app
        self._rules = tuple(rules)
        channels = {channel for rule in rules for channel in rule.tell}
        self._own_rule = NotifyRule(
            name="started here", tell=frozenset({NotifyChannel.TOAST, *channels})
        )
        self._monitor: Monitor | None = None
        self._checker: RuleChecker | None = None
        self._hooks: HookRunner | None = None

    def attach(self, monitor: "Monitor | None") -> None:
        """Check the runs of another monitor; running hook commands are cancelled."""
        if self._hooks is not None:
            self._app.workers.cancel_group(self._app, _HOOKS)
        self._monitor, self._checker, self._hooks = monitor, None, None

    def check(self, keys: "Iterable[RunKey]") -> None:
        """Check the rules for runs that changed or are still running; the first call starts it."""
        monitor = self._monitor
        if monitor is None or not (self._rules or monitor.run_control.started_here):
            return
        runs = [*filter(None, map(monitor.runs.run, keys))]
        names = {runner.id: runner.label for runner in monitor.runs.runners}
        notices = self._rule_checker(monitor).check(
            runs, names, monitor.server_now(), monitor.runs.runner
        )
        told = {notice.run.key for notice in notices}
        notices += self._own_notices(monitor, runs, names, told)
        if notices:
            self._deliver(self._named(monitor, notices))

    def check_silence(self) -> None:
        """Check the rules for runners that do not run."""
        monitor = self._monitor
        if monitor is None or not any(rule.is_about_silence for rule in self._rules):
            return
        names = {runner.id: runner.label for runner in monitor.runs.runners}
        notices = self._rule_checker(monitor).check_silence(monitor.last_runs(), names)
        if notices:
            self._deliver(self._named(monitor, notices))

    def _named(
        self, monitor: "Monitor", notices: "Iterable[RunNotification]"
    ) -> "list[RunNotification]":
        """Notifications that say whose run it is, and have its runner's id as the service has it.

        Rules match the name of a runner alone.
        """
        if not monitor.has_several:
            return list(notices)
        return [
            replace(
                notice,
                run=monitor.account_of(notice.run.runner_id).service_run(notice.run),
                runner=monitor.label(notice.run.runner_id),
            )
            for notice in notices
        ]

    def _own_notices(
        self,
        monitor: "Monitor",
        runs: "Iterable[Run]",
        names: Mapping[str, str],
        told: "Container[RunKey]",
    ) -> "list[RunNotification]":
        """Notifications of runs that were started from here and have ended, but for those told."""
        from nodion_tui.monitor.notify.rules import RunNotification  # noqa: PLC0415 - seldom

        started, now = monitor.run_control.started_here, monitor.server_now()
        ended = [run for run in runs if run.is_final and run.key in started]
        started -= {run.key for run in ended}
        return [
            RunNotification(
                self._own_rule, run, names.get(run.runner_id, ""), now, run.duration(now)
            )
            for run in ended
            if run.key not in told
        ]

    def _rule_checker(self, monitor: "Monitor") -> "RuleChecker":
        from nodion_tui.monitor.notify.rules import RuleChecker  # noqa: PLC0415 - where there are rules

        if self._checker is None:
            # Created after the first response, which gives the server's clock.
            self._checker = RuleChecker(self._rules, since=monitor.server_now())
        return self._checker

    def _deliver(self, notices: "Sequence[RunNotification]") -> None:
        for title, body, is_urgent in summarize_notices(_of(notices, NotifyChannel.TOAST)):
            self._app.notify(
                body,
                title=title,
                severity="error" if is_urgent else "information",
                timeout=_TOAST_SECONDS,
                markup=False,
            )
        if _of(notices, NotifyChannel.BELL):
            self._app.bell()
        self._send_desktop(_of(notices, NotifyChannel.DESKTOP))
        for notice in notices:
            if notice.rule.command:
                name = f"rule {notice.rule.name}"
                self._app.run_worker(
                    self._run_hook(notice), group=_HOOKS, name=name, exit_on_error=False
                )

    def _send_desktop(self, notices: "Sequence[RunNotification]") -> None:
        from nodion_tui.monitor.notify.desktop import detect_protocol, notification_sequence  # noqa: PLC0415 - seldom

        protocol = detect_protocol(os.environ)
        for title, body, _ in summarize_notices(notices):
            send_escape(self._app, notification_sequence(title, body, protocol, os.environ))

    async def _run_hook(self, notice: "RunNotification") -> None:
        """Run a rule's hook command; a failure is shown in a toast."""
        result = await self._hook_runner().run(notice)
        if result.problem:
            title = sanitize(f"Rule {notice.rule.name}").rstrip()
            self._app.notify(
                sanitize(result.problem), title=title, severity="warning", markup=False
            )

    def _hook_runner(self) -> "HookRunner":
        from nodion_tui.monitor.notify.hook import HookRunner  # noqa: PLC0415 - seldom

        if self._hooks is None:
            accounts = self._monitor.accounts if self._monitor else ()
            profiles = [account.profile for account in accounts]
            sources = [profile.key_source for profile in profiles if profile.key_source]
            self._hooks = HookRunner(
                os.environ,
                [profile.key for profile in profiles if profile.key],
                key_variables=[each.name for each in sources if each.kind == "environment"],
            )
        return self._hooks


def summarize_notices(notices: "Sequence[RunNotification]") -> list[tuple[str, str, bool]]:
    """Title, body, and whether it needs attention; many at once become one summary."""
    if len(notices) <= MAX_SINGLE_NOTICES:
        return [(notice.title, notice.body, notice.needs_attention) for notice in notices]
    urgent = [notice for notice in notices if notice.needs_attention]
    names = sorted({notice.runner for notice in urgent or notices})
    more = f" and {len(names) - MAX_SINGLE_NOTICES} more" if len(names) > MAX_SINGLE_NOTICES else ""
    title = f"{len(notices)} runs" + (f", {len(urgent)} need attention" if urgent else "")
    return [(title, sanitize(", ".join(names[:MAX_SINGLE_NOTICES]) + more), bool(urgent))]


def _of(notices: "Sequence[RunNotification]", channel: NotifyChannel) -> "list[RunNotification]":
    return [notice for notice in notices if channel in notice.rule.tell]
