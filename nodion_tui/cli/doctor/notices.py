"""Checks of `doctor` for notifications: what would be sent where, and whether it would arrive."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence

from nodion_tui.cli.doctor.checks import CheckResult, State
from nodion_tui.config import Settings
from nodion_tui.model.notify_rule import NotificationProtocol, NotifyChannel, NotifyRule
from nodion_tui.model.run import RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.notify.desktop import (
    detect_protocol,
    notification_sequence,
)
from nodion_tui.monitor.notify.rules import matches_any

_TMUX_SECONDS = 2.0
_TMUX_HINT = "desktop notifications do not arrive; in tmux.conf: set -g allow-passthrough on"
_KINDS: Mapping[NotificationProtocol, str] = {
    NotificationProtocol.OSC9: "OSC 9",
    NotificationProtocol.OSC777: "OSC 777",
    NotificationProtocol.OSC99: "OSC 99",
}
_ANY = "any end"


def check_notifications(settings: Settings) -> Iterator[CheckResult]:
    """What each rule sends where, mistakes in rules, and what stands in the way."""
    is_on_desktop = any(NotifyChannel.DESKTOP in rule.tell for rule in settings.rules)
    protocol = detect_protocol(os.environ)
    kind = _KINDS.get(protocol, f"none (TERM={os.environ.get('TERM', '')})")
    yield CheckResult("note", "desktop notifications", kind)
    if os.environ.get("TMUX"):
        yield _check_tmux(needed=is_on_desktop)
    for index, rule in enumerate(settings.rules):
        name = f"rules[{index}]"
        yield CheckResult("note", name, _describe(rule, kind))
        for problem in _problems(rule):
            yield CheckResult("bad", name, problem)


def check_patterns(rules: Sequence[NotifyRule], runners: Sequence[Runner]) -> Iterator[CheckResult]:
    """The rules that match no runner of the service."""
    for index, rule in enumerate(rules):
        if runners and not matches_any(rule, runners):
            detail = f"no runner has a name or id like {rule.runner!r}"
            yield CheckResult("bad", f"rules[{index}]", detail)


def send_notifications() -> Iterator[CheckResult]:
    """Sends a notification of each kind to the terminal; call it for a terminal only."""
    for protocol, kind in _KINDS.items():
        sequence = notification_sequence(f"nodion-tui: {kind}", "doctor", protocol, os.environ)
        yield _sent(kind, sequence)
    yield _sent("bell", "\a")


def _sent(kind: str, sequence: str) -> CheckResult:
    sys.stdout.write(sequence)
    sys.stdout.flush()
    return CheckResult("note", f"sent: {kind}", "use the kind that you saw or heard")


def _check_tmux(*, needed: bool) -> CheckResult:
    value = _tmux_option("allow-passthrough")
    if value is None:
        return CheckResult(
            "note", "tmux", "allow-passthrough is not told: tmux before 3.3, or gone"
        )
    if value in {"on", "all"}:
        return CheckResult("ok", "tmux", f"allow-passthrough {value}")
    state: State = "bad" if needed else "note"
    return CheckResult(state, "tmux", f"allow-passthrough {value}: {_TMUX_HINT}")


def _tmux_option(name: str) -> str | None:
    """Value of an option of this pane, inherited ones included; None if tmux does not tell it."""
    try:
        done = subprocess.run(
            [shutil.which("tmux") or "tmux", "show-options", "-Apv", name],
            capture_output=True,
            text=True,
            timeout=_TMUX_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def _describe(rule: NotifyRule, kind: str) -> str:
    """`failed of etl*: toast, desktop (OSC 9), command notify.sh`."""
    channels = [
        f"{channel.value} ({kind})" if channel is NotifyChannel.DESKTOP else channel.value
        for channel in NotifyChannel
        if channel in rule.tell
    ]
    if rule.command:
        channels.append(f"command {rule.command[0]}")
    what = ", ".join(sorted(rule.status)) or _ANY
    name = f"{rule.name}: " if rule.name else ""
    return f"{name}{what} of {rule.runner}: {', '.join(channels) or 'nothing'}"


def _problems(rule: NotifyRule) -> Iterator[str]:
    for status in sorted(rule.status - frozenset(RunStatus)):
        yield f"no run has the status {status!r}; there are {', '.join(RunStatus)}"
    if rule.command and shutil.which(rule.command[0]) is None:
        yield f"command not found: {rule.command[0]}"
    if not rule.tell and not rule.command:
        yield "it tells nobody: give tell or command"
