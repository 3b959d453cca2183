"""`rules test`: what a notification rule would do with a run."""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime

import click
import msgspec

from nodion_tui.cli.commands.lists import selected_runs
from nodion_tui.cli.completion.completer import completer
from nodion_tui.cli.json_option import JsonFields, json_option
from nodion_tui.cli.options import make_output, profile_option, quiet_option
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.cli.process.exit_codes import FAILED, OK, USAGE
from nodion_tui.cli.resolve import match_listed_run
from nodion_tui.cli.run_lists import RunLists
from nodion_tui.cli.session import CommandSession, load_settings, open_session
from nodion_tui.config import Settings
from nodion_tui.model.errors import InputError
from nodion_tui.model.notify_rule import NotifyChannel, NotifyRule
from nodion_tui.model.run import Run
from nodion_tui.model.text.format import time_out_words
from nodion_tui.model.text.masking import mask_argv
from nodion_tui.monitor.notify.desktop import detect_protocol, lost_reason, notification_sequence
from nodion_tui.monitor.notify.hook import HookRunner
from nodion_tui.monitor.notify.rule_trial import Condition, conditions
from nodion_tui.monitor.notify.rules import RunNotification, matching_since, silent_since
from nodion_tui.monitor.runs.last_run import LastRun

_EXAMPLES = """\b
Examples:
  nodion-tui rules test pager latest-failed
  nodion-tui rules test 0 latest --runner "Nightly ETL" --json matches,conditions
  nodion-tui rules test pager 3f2a --send
"""
_SIGNS = {True: ("✓", "32"), False: ("✗", "31")}
_YES_NO = {True: "yes", False: "no"}


@click.group()
def rules() -> None:
    """Try the notification rules of config.toml."""


@rules.command("test", epilog=_EXAMPLES)
@click.argument("rule", metavar="RULE", shell_complete=completer("rule"))
@click.argument("run", metavar="RUN", shell_complete=completer("any_run"))
@click.option(
    "--runner",
    metavar="RUNNER",
    shell_complete=completer("runner"),
    help="Look for RUN among the runs of this runner alone.",
)
@click.option("--send", is_flag=True, help="Send it as well, if the rule matches.")
@profile_option
@json_option
@quiet_option
@click.pass_context
def try_rule(
    ctx: click.Context,
    rule: str,
    run: str,
    runner: str | None,
    profile: str | None,
    as_json: JsonFields,
    *,
    send: bool,
    quiet: bool,
) -> int:
    """Say which conditions of RULE hold for RUN, and what would be told. Nothing is sent.

    RULE is its name, or its number in `config show`. RUN is an id, a unique prefix of one, `latest`
    or `latest-failed`. A rule about silence (not_for, overdue) is held against the newest run of a
    runner. In a pipe: condition, yes or no, detail, tab-separated. The exit code is 0 if the rule
    matches, 1 if not, and 2 or more for a failure, also of what --send sends.
    """
    settings = load_settings(ctx, profile)
    output = make_output(ctx, settings, as_json, quiet=quiet)
    index = _index_of(settings, rule)
    if send and settings.rules[index].tell - {NotifyChannel.TOAST} and not sys.stdout.isatty():
        raise click.UsageError("--send needs a terminal for bell and desktop")

    async def try_it() -> int:
        async with open_session(settings.profile, output) as session:
            return await _try(session, settings, settings.rules[index], run, runner, send=send)

    return asyncio.run(try_it())


async def _try(
    session: CommandSession,
    settings: Settings,
    rule: NotifyRule,
    argument: str,
    runner: str | None,
    *,
    send: bool,
) -> int:
    lists = await selected_runs(session, runner)
    run = match_listed_run(lists.runs, argument)
    now = session.client.server_now()
    last = _last_run(lists, run, now)
    found = conditions(rule, run, lists.labels[run.runner_id], now, last)
    notice = _notification(rule, run, lists, session, last)
    _print(session.output, settings, found, notice)
    lists.report_failures()
    if not notice.matches:
        return FAILED
    return await _send(session, settings, notice.notification) if send else OK


class _Trial(msgspec.Struct, frozen=True):
    """What a rule would tell of a run."""

    notification: RunNotification
    since: datetime | None
    """Since when the rule is true of the run; None: it is not."""

    @property
    def matches(self) -> bool:
        return self.since is not None


def _notification(
    rule: NotifyRule, run: Run, lists: RunLists, session: CommandSession, last: LastRun
) -> _Trial:
    now, name = session.client.server_now(), lists.labels[run.runner_id]
    if rule.is_about_silence:
        is_newest = last.run.key == run.key
        since = silent_since(rule, last, name) if is_newest else None
    else:
        since = matching_since(rule, run, name, now)
    silent_for = now - (run.created_at or now) if rule.is_about_silence else None
    time_out = time_out_words(run, session.runs.runner(run.runner_id))
    told = RunNotification(
        rule, run, name, since or now, run.duration(now), time_out=time_out, silent_for=silent_for
    )
    return _Trial(told, since)


def _last_run(lists: RunLists, run: Run, now: datetime) -> LastRun:
    """The newest run of the runner of a run."""
    rhythm = lists.overdue(now).get(run.runner_id)
    return LastRun(lists.runs_of(run.runner_id)[0], now, rhythm.overdue_at if rhythm else None)


def _index_of(settings: Settings, argument: str) -> int:
    """Index of the rule of a name or number.

    Raises:
        InputError: there is none.
    """
    names = [rule.name for rule in settings.rules]
    if argument in names and argument:
        return names.index(argument)
    if argument.isdecimal() and int(argument) < len(names):
        return int(argument)
    known = ", ".join(name or str(index) for index, name in enumerate(names))
    raise InputError(f"no rule is {argument!r}; config.toml has {known or 'none'}")


def _print(output: Output, settings: Settings, found: Sequence[Condition], trial: _Trial) -> None:
    notice, rule = trial.notification, trial.notification.rule
    if output.json:
        output.json_object(
            {
                "rule": rule.name,
                "runner": notice.runner,
                "run_id": notice.run.id,
                "matches": trial.matches,
                "since": trial.since,
                "conditions": [condition._asdict() for condition in found],
                "title": notice.title,
                "body": notice.body,
                "tell": sorted(rule.tell),
                "command": mask_argv(rule.command),
            }
        )
        return
    rows = [*found, *_consequences(settings, trial)]
    if not output.is_terminal:
        output.tab_separated((row.key, _YES_NO[row.holds], row.detail) for row in rows)
        return
    width = max(len(row.key) for row in rows)
    for row in rows:
        sign, style = _SIGNS[row.holds]
        output.line(TableCell(output.sign(sign), style), f" {row.key.ljust(width)}  {row.detail}")


def _consequences(settings: Settings, trial: _Trial) -> Iterator[Condition]:
    """What would be told, each with whether it would be."""
    notice, rule, matches = trial.notification, trial.notification.rule, trial.matches
    once = "once until its next run" if rule.is_about_silence else "once for each run"
    detail = f"{once}, by a dashboard that is open when it becomes true"
    yield Condition("told", matches, detail if matches else f"nothing; otherwise {detail}")
    title = f"{notice.title}: {notice.body}"
    for channel in NotifyChannel:
        if channel in rule.tell:
            yield Condition(channel.value, matches, _channel_detail(settings, channel, title))
    if rule.command:
        yield Condition(
            "command", matches, f"{' '.join(mask_argv(rule.command))}, with the run as JSON"
        )
    if not (rule.tell or rule.command):
        yield Condition("tell", holds=False, detail="it tells nobody: give tell or command")


def _channel_detail(settings: Settings, channel: NotifyChannel, title: str) -> str:
    if channel is not NotifyChannel.DESKTOP:
        return title if channel is NotifyChannel.TOAST else "rings"
    protocol = settings.desktop or detect_protocol(os.environ)
    reason = lost_reason(os.environ)
    return f"{title} ({protocol})" + (f"; here it would be lost: {reason}" if reason else "")


async def _send(session: CommandSession, settings: Settings, notice: RunNotification) -> int:
    """Ring, show and run what the rule says, as the dashboard does."""
    rule = notice.rule
    if NotifyChannel.BELL in rule.tell:
        _write("\a")
    if NotifyChannel.DESKTOP in rule.tell:
        protocol = settings.desktop or detect_protocol(os.environ)
        _write(notification_sequence(notice.title, notice.body, protocol, os.environ))
    if not rule.command:
        return OK
    result = await HookRunner.of_profiles(os.environ, [session.profile]).run(
        notice, session.profile.name
    )
    if result.problem:
        session.output.warning(result.text)
        return USAGE
    session.output.notice(f"{result.command} has run")
    return OK


def _write(sequence: str) -> None:
    sys.stdout.write(sequence)
    sys.stdout.flush()
