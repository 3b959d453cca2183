"""Checks of `doctor` for notifications: what would be sent where, and whether it would arrive."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nodion_tui.cli.doctor.checks import CheckResult, State
from nodion_tui.config import Settings
from nodion_tui.config.problems import Problem
from nodion_tui.model.notify_rule import NotificationProtocol, NotifyChannel, NotifyRule
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.notify.desktop import (
    detect_protocol,
    lost_reason,
    multiplexer,
    notification_sequence,
)
from nodion_tui.ui.problems.find import find_problems, pattern_problems

_TMUX_SECONDS = 2.0
_TMUX_HINT = "desktop notifications do not arrive; in tmux.conf: set -g allow-passthrough on"
_KINDS: Mapping[NotificationProtocol, str] = {
    NotificationProtocol.OSC9: "OSC 9",
    NotificationProtocol.OSC777: "OSC 777",
    NotificationProtocol.OSC99: "OSC 99",
}
_SENT_HINT = 'if you saw or heard it, it arrives; desktop = "osc777" in config.toml selects a kind'
_ANY = "any end"


def check_problems(settings: Settings) -> Iterator[CheckResult]:
    """What cannot work in config.toml, as far as the file tells."""
    return _bad(find_problems(settings))


def check_patterns(settings: Settings, runners: Sequence[Runner]) -> Iterator[CheckResult]:
    """The rules that match no runner of the service."""
    return _bad(pattern_problems(settings, runners))


def check_notifications(settings: Settings) -> Iterator[CheckResult]:
    """What each rule sends where, and what stands in the way."""
    is_on_desktop = NotifyChannel.DESKTOP in (settings.tell or ()) or any(
        NotifyChannel.DESKTOP in rule.tell for rule in settings.rules
    )
    protocol = settings.desktop or detect_protocol(os.environ)
    kind = _KINDS.get(protocol, f"none (TERM={os.environ.get('TERM', '')})")
    source = "" if settings.desktop is None else f" ({settings.source('desktop')})"
    yield CheckResult("note", "desktop notifications", f"{kind}{source}{_passed_by()}")
    if reason := lost_reason(os.environ):
        detail = f"{reason}: they would be lost; a bell or a command arrives everywhere"
        yield CheckResult("bad" if is_on_desktop else "note", "lost notifications", detail)
    if os.environ.get("TMUX"):
        yield _check_tmux(needed=is_on_desktop)
    for index, rule in enumerate(settings.rules):
        yield CheckResult("note", f"rules[{index}]", _describe(rule, kind))


def _bad(problems: Iterable[Problem]) -> Iterator[CheckResult]:
    return (CheckResult("bad", "configuration", str(problem)) for problem in problems)


def _passed_by() -> str:
    """` through tmux, over SSH`; empty on a terminal of this machine."""
    ways = []
    if name := multiplexer(os.environ):
        ways.append(f" through {name}")
    if os.environ.get("SSH_CONNECTION"):
        ways.append(" over SSH, shown where the terminal is")
    return ",".join(ways)


def send_notifications() -> Iterator[CheckResult]:
    """Sends a notification of each kind to the terminal; call it for a terminal only."""
    for protocol, kind in _KINDS.items():
        sequence = notification_sequence(f"nodion-tui: {kind}", "doctor", protocol, os.environ)
        yield _sent(kind, sequence)
    yield _sent("bell", "\a")


def _sent(kind: str, sequence: str) -> CheckResult:
    sys.stdout.write(sequence)
    sys.stdout.flush()
    return CheckResult("note", f"sent: {kind}", _SENT_HINT)


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
