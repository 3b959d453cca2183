"""Rules that have become true of a run, told as each wants: toast, bell, desktop, command."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nodion_tui.model.notify_rule import Channel, Rule
from nodion_tui.model.sanitize import visible
from nodion_tui.ui.terminal.restore import send

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.model.run import Run
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.notify.hook import Hooks
    from nodion_tui.monitor.notify.rules import Notice, RuleWatch

ONE_BY_ONE = 3
"""More notices than so many at once become one."""
_HOOKS = "hooks"
_TOAST_SECONDS = 10


class Alarms:
    """Holds rules against runs, and tells of those that they are true of.

    Args:
        app: whose screen and terminal are used.
        rules: as configured.
    """

    def __init__(self, app: "App[None]", rules: Sequence[Rule]) -> None:
        self._app = app
        self._rules = tuple(rules)
        self._monitor: Monitor | None = None
        self._watch: RuleWatch | None = None
        self._hooks: Hooks | None = None

    def attach(self, monitor: "Monitor | None") -> None:
        """Hold the rules against another monitor's runs; commands under way are ended."""
        if self._hooks is not None:
            self._app.workers.cancel_group(self._app, _HOOKS)
        self._monitor, self._watch, self._hooks = monitor, None, None

    def hold(self, runs: "Sequence[Run]") -> None:
        """Hold the rules against runs that changed, or that go on; the first time, begin."""
        monitor = self._monitor
        if monitor is None or not self._rules:
            return
        watch = self._watching(monitor)
        names = {runner.id: runner.label for runner in monitor.runs.runners}
        notices = watch.look(runs, names, monitor.server_now())
        if notices:
            self._tell(notices)

    def _watching(self, monitor: "Monitor") -> "RuleWatch":
        from nodion_tui.monitor.notify.rules import RuleWatch  # noqa: PLC0415 - where there are rules

        if self._watch is None:
            # Not before the first answer: only that tells how late it is over there.
            self._watch = RuleWatch(self._rules, since=monitor.server_now())
        return self._watch

    def _tell(self, notices: "Sequence[Notice]") -> None:
        for title, body, is_bad in in_words(_of(notices, Channel.TOAST)):
            self._app.notify(
                body,
                title=title,
                severity="error" if is_bad else "information",
                timeout=_TOAST_SECONDS,
                markup=False,
            )
        if _of(notices, Channel.BELL):
            self._app.bell()
        self._notify(_of(notices, Channel.DESKTOP))
        for notice in notices:
            if notice.rule.command:
                name = f"rule {notice.rule.name}"
                self._app.run_worker(
                    self._run(notice), group=_HOOKS, name=name, exit_on_error=False
                )

    def _notify(self, notices: "Sequence[Notice]") -> None:
        from nodion_tui.monitor.notify.desktop import notification, protocol_of  # noqa: PLC0415 - seldom

        protocol = protocol_of(os.environ)
        for title, body, _ in in_words(notices):
            send(self._app, notification(title, body, protocol, os.environ))

    async def _run(self, notice: "Notice") -> None:
        """Run a rule's command to its end, and say so where it fails."""
        result = await self._running().run(notice)
        if result.problem:
            title = visible(f"Rule {notice.rule.name}").rstrip()
            self._app.notify(visible(result.problem), title=title, severity="warning", markup=False)

    def _running(self) -> "Hooks":
        from nodion_tui.monitor.notify.hook import Hooks  # noqa: PLC0415 - seldom

        if self._hooks is None:
            profile = self._monitor.profile if self._monitor else None
            source = profile.key_source if profile else None
            self._hooks = Hooks(
                os.environ,
                [profile.key] if profile and profile.key else (),
                key_variables=[source.name] if source and source.kind == "environment" else (),
            )
        return self._hooks


def in_words(notices: "Sequence[Notice]") -> list[tuple[str, str, bool]]:
    """Title, body, and whether it is bad; many at once are told as one."""
    if len(notices) <= ONE_BY_ONE:
        return [(each.title, each.body, each.is_bad) for each in notices]
    bad = [each for each in notices if each.is_bad]
    names = sorted({each.runner for each in bad or notices})
    more = f" and {len(names) - ONE_BY_ONE} more" if len(names) > ONE_BY_ONE else ""
    title = f"{len(notices)} runs" + (f", {len(bad)} of them bad" if bad else "")
    return [(title, visible(", ".join(names[:ONE_BY_ONE]) + more), bool(bad))]


def _of(notices: "Sequence[Notice]", channel: Channel) -> "list[Notice]":
    return [each for each in notices if channel in each.rule.tell]
