"""`--times`, `--vary`, `--at-most`: starts many runs with one command line."""

import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import click

from nodion_tui.cli.options import number_option
from nodion_tui.cli.process.exit_codes import CommandLineError
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.variation import (
    CONFIRM_ABOVE,
    MAX_RUNS,
    PlannedRequest,
    Variation,
    parse_variation,
    planned_requests,
    run_count,
)


class ManyOptions(NamedTuple):
    """What is started with one command line."""

    times: int
    variations: tuple[Variation, ...]
    at_most: int | None
    yes: bool

    def requests(self, request: TriggerRequest) -> tuple[PlannedRequest, ...]:
        """The requests of all runs.

        Raises:
            UsageError: there are too many, or there is no such argument, or a limit is exceeded.
        """
        try:
            planned = planned_requests(request, self.variations, self.times)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        for number, each in enumerate(planned, 1):
            for messages in each.request.problems().values():
                raise click.UsageError(f"run {number}: {messages[0]}")
        return planned


def many_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that can start many runs."""
    options = (
        number_option(
            "--times",
            minimum=1,
            maximum=MAX_RUNS,
            default=1,
            help="Start that many runs; with --vary, each combination that often.",
        ),
        click.option(
            "--vary",
            multiple=True,
            metavar="NAME=A,B",
            help="One run for each value of a variable, or of an argument by its number: 2=a,b. "
            "Repeatable: every combination. A backslash keeps a comma.",
        ),
        number_option(
            "--at-most",
            minimum=1,
            maximum=MAX_RUNS,
            help="Of these runs, let only N go on at a time; wait for ends.",
        ),
        click.option(
            "--yes",
            "-y",
            is_flag=True,
            help=f"Do not ask before more than {CONFIRM_ABOVE} runs are started.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def read_many(
    times: int, vary: Sequence[str], at_most: int | None, *, yes: bool
) -> ManyOptions | None:
    """What the options say; None: one run is started, as without them.

    Raises:
        UsageError: they are not valid.
    """
    variations: list[Variation] = []
    for text in vary:
        try:
            variations.append(parse_variation(text, ","))
        except ValueError as error:
            raise click.UsageError(f"--vary: {error}") from None
    total = run_count(variations, times)
    if total > MAX_RUNS:
        raise click.UsageError(f"{total:,} runs, limit {MAX_RUNS}")
    if times == 1 and not variations:
        if at_most is not None:
            raise click.UsageError("--at-most requires --times or --vary")
        return None
    return ManyOptions(times, tuple(variations), at_most, yes)


def confirm_many(
    session: CommandSession,
    runner: Runner,
    argument: str,
    labels: Sequence[str],
    *,
    yes: bool,
) -> bool:
    """Ask once whether so many runs are to be started; on a terminal only.

    Args:
        session: has profile and output.
        runner: of the runs.
        argument: how the command line names it.
        labels: what distinguishes each run.
        yes: do not ask.

    Raises:
        CommandLineError: it cannot be asked, or the profile wants the runner's name.
    """
    profile = session.profile
    if yes:
        return True
    if profile.confirm_name and argument.strip() != runner.name:
        raise CommandLineError(
            f"profile {profile.name} requires the runner's name, not its id,"
            " to start several runs; or use -y"
        )
    if len(labels) <= CONFIRM_ABOVE:
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandLineError(f"{len(labels)} runs would be started: confirm with --yes")
    for number, label in enumerate(labels, 1):
        session.output.warning(f"{number:>4}  {label}".rstrip())
    sys.stderr.write(f"Start {len(labels)} runs at {profile.name}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}
