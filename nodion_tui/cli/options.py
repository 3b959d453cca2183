"""Options that several commands share, and the decorator that opens a session for a command."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from nodion_tui.cli.completion.completer import completer
from nodion_tui.cli.json_option import JsonFields, json_option
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.session import load_settings, open_session
from nodion_tui.config import Profile, Settings
from nodion_tui.model.errors import NodionError
from nodion_tui.model.log_line import line_number
from nodion_tui.model.runner import is_uuid
from nodion_tui.model.text.durations import parse_duration

if TYPE_CHECKING:
    from nodion_tui.monitor.log.moments.moment import Moment
    from nodion_tui.monitor.runs.filter import RunFilter
    from nodion_tui.monitor.runs.filter_times import FilterTime

CONTEXT_SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 96}
"""Click settings of all commands: help options and help width."""


class IntegerInRange(click.ParamType[int]):
    """Integer within bounds; the bounds appear in the error message, not in every help text."""

    name = "number"

    def __init__(self, minimum: int, maximum: int | None = None) -> None:
        self._minimum, self._maximum = minimum, maximum

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Parses the typed value."""
        try:
            number = int(value)
        except ValueError:
            self.fail(f"{value!r} is not an integer", param, ctx)
        if number < self._minimum or (self._maximum is not None and number > self._maximum):
            bound = "or more" if self._maximum is None else f"to {self._maximum}"
            self.fail(f"{number} is out of range: {self._minimum} {bound}", param, ctx)
        return number


class DurationType(click.ParamType[timedelta]):
    """Duration such as `90s` or `1h30m`."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Parses the typed value."""
        try:
            return parse_duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class TimeType(click.ParamType["FilterTime"]):
    """Time as in filters: `2h` (ago), `14:05`, `today`, `2026-01-15T14:05`."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "FilterTime":
        """Parses the typed value."""
        from nodion_tui.monitor.runs.filter_times import parse_filter_time  # noqa: PLC0415  # seldom

        try:
            return parse_filter_time(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class MomentType(click.ParamType["Moment"]):
    """Moment of a log, as the dashboard takes it: `14:05`, `-10m`, `+30s`, `50%`, `10m` (ago)."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Moment":
        """Parses the typed value."""
        from nodion_tui.monitor.log.moments.moment import parse_moment  # noqa: PLC0415  # seldom

        try:
            return parse_moment(value)
        except ValueError as error:
            hint = "; the id of a line belongs to --after" if is_uuid(value) else ""
            self.fail(f"{error}{hint}", param, ctx)


class LineIdType(click.ParamType[str]):
    """Id of a log line, or its number: with another value a service would start at the beginning.

    A number is written as `line:120`; see `line_number`.
    """

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Checks the typed value."""
        if not (is_uuid(value) or line_number(value)):
            self.fail(f"{value!r} is not the id of a line, as --json prints it", param, ctx)
        return str(value)


class FilterType(click.ParamType["RunFilter"]):
    """Filter of runs; what the dashboard marks as a mistake is an error here."""

    name = "filter"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "RunFilter":
        """Parses the typed value."""
        from nodion_tui.monitor.runs.filter import parse_filter  # noqa: PLC0415  # lists alone need it

        run_filter = parse_filter(value)
        if problem := filter_problem(run_filter):
            self.fail(problem, param, ctx)
        return run_filter


def filter_problem(run_filter: "RunFilter") -> str:
    """Why runs cannot be filtered by it here; empty if they can."""
    if run_filter.problems:
        return "; ".join(problem.message for problem in run_filter.problems)
    if run_filter.log_queries:
        return "log: searches logs, which `nodion-tui grep PATTERN` does"
    return ""


def view_option(help_text: str) -> Callable[..., Any]:
    """Option with the name of a view."""
    return click.option("--view", metavar="NAME", shell_complete=completer("view"), help=help_text)


def number_option(
    *names: str, minimum: int, maximum: int | None = None, **attributes: Any
) -> Callable[..., Any]:
    """Option whose value is an integer within bounds."""
    number = IntegerInRange(minimum, maximum)
    return click.option(*names, type=number, metavar="N", show_default=True, **attributes)


profile_option = click.option(
    "--profile",
    "-p",
    metavar="NAME",
    shell_complete=completer("profile"),
    help="Use this profile of config.toml.",
)
allow_http_option = click.option(
    "--allow-http", is_flag=True, help="Allow plain http to other hosts; exposes the API key."
)
quiet_option = click.option(
    "--quiet", "-q", is_flag=True, help="Print no notices, only results and errors."
)
runner_argument = click.argument("runner", metavar="RUNNER", shell_complete=completer("runner"))
optional_runner_argument = click.argument(
    "runner", metavar="[RUNNER]", required=False, shell_complete=completer("runner")
)
filter_option = click.option(
    "--filter",
    "-F",
    "run_filter",
    type=FilterType(),
    metavar="TEXT",
    help="Filter of the dashboard, such as 'status:failed since:2d' or 'exit:137 runner:etl'.",
)
since_option = click.option(
    "--since",
    type=TimeType(),
    metavar="TIME",
    help="Only runs created since then, as with --filter since:TIME: 7d (ago), today, 14:05.",
)
active_runs_argument = click.argument(
    "runs", metavar="RUN...", nargs=-1, required=True, shell_complete=completer("active_run")
)
timestamps_option = click.option(
    "--timestamps/--no-timestamps",
    "-t/-T",
    "timestamps",
    default=None,
    help="Show the time of each line (default: on a terminal only).",
)
stop_on_interrupt_option = click.option(
    "--stop-on-interrupt",
    is_flag=True,
    help="With -f: ctrl+c, SIGTERM or SIGHUP stops the run, too.",
)
run_argument = click.argument("run", metavar="RUN", shell_complete=completer("run"))


def make_output(
    ctx: click.Context, settings: Settings, fields: JsonFields = None, *, quiet: bool = False
) -> Output:
    """Output of the command, with the ASCII setting of option or configuration."""
    return Output(**_output_options(ctx, settings, fields, quiet=quiet))


def _output_options(
    ctx: click.Context, settings: Settings, fields: JsonFields, *, quiet: bool
) -> dict[str, Any]:
    ascii_only = bool(ctx.find_root().params.get("ascii_only")) or settings.ascii
    return {"fields": fields, "quiet": quiet, "ascii_only": ascii_only}


ApiCommand = Callable[..., Awaitable[int | None]]
"""`async def command(session, **options) -> exit code`."""
RunBody = Callable[
    [click.Context, Settings, dict[str, Any], Callable[..., Any]], Coroutine[Any, Any, int]
]
"""Runs a command: of one profile, or of each of a group."""


def api_command(body: ApiCommand) -> Callable[..., int]:
    """Wraps a command that sends requests in a click callback."""
    return prepared_api_command(lambda **values: values)(body)


def group_command(body: ApiCommand) -> Callable[..., int]:
    """Like `api_command`, for a command that lists; of a group, what each of its profiles has."""
    return _wrapped(lambda **values: values, body, _run_each)


def prepared_api_command(
    prepare: Callable[..., dict[str, Any]],
) -> Callable[[ApiCommand], Callable[..., int]]:
    """Like `api_command`, with options that are read together before anything else is done.

    So a mistake in them is reported before the command of a key may ask for a password.

    Args:
        prepare: gets the options of the command line, and returns those of the command.
    """
    return lambda body: _wrapped(prepare, body, _run_one)


def _wrapped(
    prepare: Callable[..., dict[str, Any]], body: ApiCommand, run: RunBody
) -> Callable[..., int]:
    @profile_option
    @json_option
    @quiet_option
    @click.pass_context
    def command(
        ctx: click.Context,
        /,
        profile: str | None,
        as_json: JsonFields,
        *,
        quiet: bool,
        **values: Any,
    ) -> int:
        prepared = prepare(**values)
        settings = load_settings(ctx, profile)
        options = _output_options(ctx, settings, as_json, quiet=quiet)
        return asyncio.run(run(ctx, settings, options, partial(body, **prepared)))

    command.__name__, command.__doc__ = body.__name__, body.__doc__
    return command


async def _run_one(
    _: click.Context, settings: Settings, options: dict[str, Any], body: Callable[..., Any]
) -> int:
    async with open_session(settings.profile, Output(**options), settings) as session:
        return await body(session) or 0


async def _run_each(
    ctx: click.Context,
    settings: Settings,
    options: dict[str, Any],
    body: Callable[..., Any],
) -> int:
    """Run a command for all profiles of a group at once; returns its worst exit code.

    A profile that fails is told, and the others are printed, as with a list that cannot be read.
    One that does not have the runner that is asked for is passed over, if another one has it.

    Args:
        ctx: of the command.
        settings: select the group.
        options: of the output.
        body: the command; takes a session.

    Raises:
        NodionError: every profile has failed; the first failure.
    """
    if not settings.profile.group:
        return await _run_one(ctx, settings, options, body)
    # On demand: several profiles are seldom.
    from nodion_tui.cli.invocation import ANSWERING  # noqa: PLC0415
    from nodion_tui.cli.output.group_output import GroupOutput  # noqa: PLC0415
    from nodion_tui.cli.process.exit_codes import (  # noqa: PLC0415
        FAILED,
        USAGE,
        describe_error,
        print_error,
    )
    from nodion_tui.cli.resolve import NotFound  # noqa: PLC0415

    group = GroupOutput(Output(**options))

    async def run(profile: Profile) -> int:
        output = group.member(profile.name, **options)
        async with open_session(profile, output, replace(settings, profile=profile)) as session:
            return await body(session) or 0

    members = settings.members
    results = await asyncio.gather(*map(run, members), return_exceptions=True)
    codes: list[int] = []
    failures: dict[str, NodionError] = {}
    for profile, result in zip(members, results, strict=True):
        if isinstance(result, NodionError):
            failures[profile.name] = result
        elif isinstance(result, BaseException):
            raise result
        else:
            codes.append(result)
    if not codes:
        raise next(iter(failures.values()))
    group.print()
    for name, error in failures.items():
        if isinstance(error, NotFound):
            continue  # A runner is of one profile, as a rule.
        print_error(f"{name}: {describe_error(error)}")
        codes.append(USAGE if ctx.command.name in ANSWERING else FAILED)
    return max(codes)
