"""Delivers notifications: toast, bell, desktop, hook command.

They are due where a rule matches, and without a rule when a run ends that is awaited: one that was
started from here, or that a person asked about.
"""

import os
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.notify_rule import NotificationProtocol, NotifyChannel, NotifyRule
from nodion_tui.model.runner import short_id
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import AWAITED_SIGN
from nodion_tui.ui.notify.run_toasts import RunToasts, summarize_notices
from nodion_tui.ui.terminal.restore import send_escape

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.model.run import Run, RunKey
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.notify.awaited_runs import AwaitedKeys
    from nodion_tui.monitor.notify.hook import HookRunner
    from nodion_tui.monitor.notify.rules import RuleChecker, RunNotification

_HOOKS = "hooks"


class NotifyOptions(msgspec.Struct, frozen=True):
    """What the configuration says of notifications."""

    rules: tuple[NotifyRule, ...] = ()
    tell: frozenset[NotifyChannel] | None = None
    """How awaited runs are told; None: by toast, and by what any rule uses."""
    desktop: NotificationProtocol | None = None
    """Protocol of desktop notifications; None: what the terminal probably knows."""
    patterns: tuple[LinePattern, ...] = ()
    """Lines that are told."""

    @property
    def needs_polling(self) -> bool:
        """Whether something is told that must be found while nobody looks."""
        return bool(self.rules) or any(pattern.tells for pattern in self.patterns)

    @property
    def awaited_channels(self) -> frozenset[NotifyChannel]:
        """How awaited runs are told."""
        if self.tell is not None:
            return self.tell
        used = {channel for rule in self.rules for channel in rule.tell}
        return frozenset({NotifyChannel.TOAST, *used})


class RuleAlerts:
    """Checks runs against the notification rules and delivers the notifications.

    Args:
        app: provides screen and terminal.
        options: the rules, and how awaited runs are told.
        toasts: shows toasts.
    """

    def __init__(self, app: "App[None]", options: NotifyOptions, toasts: RunToasts) -> None:
        self._app = app
        self._rules = options.rules
        self._protocol = options.desktop
        self._toasts = toasts
        channels = options.awaited_channels
        self._started_rule = NotifyRule(name="started here", tell=channels)
        self._asked_rule = NotifyRule(name="awaited", tell=channels)
        self._failing: set[NotifyRule] = set()
        """Rules whose command failed when it was last run, which has been told."""
        self._monitor: Monitor | None = None
        self._account: tuple[str, ...] | None = None
        """The account that was watched before."""
        self._awaited: dict[tuple[str, ...], AwaitedKeys] = {}
        """Account → its awaited runs, when it was left."""
        self._checker: RuleChecker | None = None
        self._hooks: HookRunner | None = None

    def attach(self, monitor: "Monitor | None") -> None:
        """Check the runs of another monitor; running hook commands are cancelled."""
        if self._hooks is not None:
            self._app.workers.cancel_group(self._app, _HOOKS)
        if self._monitor is not None:
            self._account = _account(self._monitor)
            self._awaited[self._account] = self._monitor.awaited.keys
        self._monitor, self._checker, self._hooks = monitor, None, None
        if monitor is not None:
            self._follow_awaited(monitor)

    def check(self, keys: "Iterable[RunKey]") -> None:
        """Check the rules for runs that changed or are still running; the first call starts it."""
        monitor = self._monitor
        if monitor is None or not (self._rules or monitor.awaited):
            return
        checker = self._rule_checker(monitor)
        runs = [*filter(None, map(monitor.runs.run, {*keys, *checker.waiting}))]
        self._toasts.mark_ended({run.key for run in runs if run.is_final})
        names = {runner.id: runner.label for runner in monitor.runs.runners}
        notices = checker.check(
            runs, names, monitor.server_now(), monitor.runs.runner, monitor.known_state
        )
        told = {notice.run.key for notice in notices}
        notices += self._own_notices(monitor, runs, names, told)
        if notices:
            self.deliver(notices)

    def tell_removed(self, keys: "Iterable[RunKey]") -> None:
        """Say of awaited runs that the service no longer lists them."""
        monitor = self._monitor
        for key in monitor.awaited.take_removed(keys) if monitor else ():
            name = sanitize(monitor.label(key.runner_id)) if monitor else ""
            text = (
                f"Run {sanitize(short_id(key.run_id))} is no longer listed: its end is not known."
            )
            self._app.notify(text, title=name, severity="warning", timeout=30, markup=False)

    def tell_unlisted(self) -> None:
        """Say the same of runs that went while another account was watched."""
        monitor = self._monitor
        if monitor is None or not monitor.awaited:
            return
        asked, started = monitor.awaited.keys
        runs = monitor.runs
        self.tell_removed(
            key
            for key in asked | started
            if runs.run(key) is None and runs.freshness(key.runner_id).fetched_at is not None
        )

    def check_silence(self) -> None:
        """Check the rules for runners that do not run."""
        monitor = self._monitor
        if monitor is None or not any(rule.is_about_silence for rule in self._rules):
            return
        names = {runner.id: runner.label for runner in monitor.runs.runners}
        notices = self._rule_checker(monitor).check_silence(monitor.due.last_runs(), names)
        if notices:
            self.deliver(notices)

    def _follow_awaited(self, monitor: "Monitor") -> None:
        """Go on with the awaited runs of an account, as after a new key; or say they must wait."""
        before, account = self._account, _account(monitor)
        if before is not None and before != account:
            self._toasts.forget()
            if any(self._awaited.get(before, ())):
                name = sanitize(before[0])
                text = f"{AWAITED_SIGN} Notifications of {name} come when you switch back."
                self._app.notify(text, timeout=10, markup=False)
        if (awaited := self._awaited.pop(account, None)) is not None:
            monitor.awaited.take_over(awaited)

    def _named(self, notices: "Sequence[RunNotification]") -> "Sequence[RunNotification]":
        """Notifications that say whose run it is; rules match the name of a runner alone."""
        monitor = self._monitor
        if monitor is None or not monitor.has_several:
            return notices
        return [replace(notice, runner=monitor.label(notice.run.runner_id)) for notice in notices]

    def _own_notices(
        self,
        monitor: "Monitor",
        runs: "Iterable[Run]",
        names: Mapping[str, str],
        told: "Container[RunKey]",
    ) -> "list[RunNotification]":
        """Notifications of awaited runs that have ended, but for those that a rule has told."""
        from nodion_tui.model.text.format import time_out_words  # noqa: PLC0415 - seldom
        from nodion_tui.monitor.notify.rules import RunNotification  # noqa: PLC0415 - seldom

        now = monitor.server_now()
        return [
            RunNotification(
                self._asked_rule if was_asked else self._started_rule,
                run,
                names.get(run.runner_id, ""),
                now,
                run.duration(now),
                time_out=time_out_words(run, monitor.runs.runner(run.runner_id)),
            )
            for run, was_asked in monitor.awaited.take_ended(runs)
            if run.key not in told
        ]

    def _rule_checker(self, monitor: "Monitor") -> "RuleChecker":
        from nodion_tui.monitor.notify.rules import RuleChecker  # noqa: PLC0415 - where there are rules

        if self._checker is None:
            # Created after the first response, which gives the server's clock.
            self._checker = RuleChecker(self._rules, since=monitor.server_now())
        return self._checker

    def deliver(self, notices: "Sequence[RunNotification]") -> None:
        """Send notifications by the channels of their rules, and run the commands of these."""
        notices = self._named(notices)
        self._toasts.show(_of(notices, NotifyChannel.TOAST))
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

        protocol = self._protocol or detect_protocol(os.environ)
        for title, body, _ in summarize_notices(notices):
            send_escape(self._app, notification_sequence(title, body, protocol, os.environ))

    async def _run_hook(self, notice: "RunNotification") -> None:
        """Run a rule's hook command; a failure is told once, until the command works again."""
        profile = ""
        if self._monitor is not None:  # the service's id and name of the runner
            account = self._monitor.account_of(notice.run.runner_id)
            runner = self._monitor.runs.runner(notice.run.runner_id)
            name = runner.label if runner else notice.runner
            notice = replace(notice, run=account.service_run(notice.run), runner=name)
            profile = account.name
        result = await self._hook_runner().run(notice, profile)
        if not result.problem:
            self._failing.discard(notice.rule)
        elif notice.rule not in self._failing:
            self._failing.add(notice.rule)
            title = sanitize(f"Rule {notice.rule.name}").rstrip()
            self._toasts.tell(title, sanitize(result.text))

    def _hook_runner(self) -> "HookRunner":
        from nodion_tui.monitor.notify.hook import HookRunner  # noqa: PLC0415 - seldom

        if self._hooks is None:
            accounts = self._monitor.accounts if self._monitor else ()
            profiles = [account.profile for account in accounts]
            self._hooks = HookRunner.of_profiles(os.environ, profiles)
        return self._hooks


def _account(monitor: "Monitor") -> tuple[str, ...]:
    """What stays the same when an account or engine is connected again."""
    profiles = [account.profile for account in monitor.accounts]
    places = ((each.project or "", each.engine or each.api_url) for each in profiles)
    return (monitor.name, *(part for place in places for part in place))


def _of(notices: "Sequence[RunNotification]", channel: NotifyChannel) -> "list[RunNotification]":
    return [notice for notice in notices if channel in notice.rule.tell]
