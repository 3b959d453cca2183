"""Options that several commands share, and the decorator that opens a session for a command."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from nodion_tui.cli.completion.completer import completer
from nodion_tui.cli.json_option import JsonFields, json_option
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.session import load_settings, open_session
from nodion_tui.config import Settings
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
    """Id of a log line: with another value a service would start at the beginning."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Checks the typed value."""
        if not is_uuid(value):
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
    ascii_only = bool(ctx.find_root().params.get("ascii_only")) or settings.ascii
    return Output(fields=fields, quiet=quiet, ascii_only=ascii_only)


ApiCommand = Callable[..., Awaitable[int | None]]
"""`async def command(session, **options) -> exit code`."""


def api_command(body: ApiCommand) -> Callable[..., int]:
    """Wraps a command that sends requests in a click callback."""
    return prepared_api_command(lambda **values: values)(body)


def prepared_api_command(
    prepare: Callable[..., dict[str, Any]],
) -> Callable[[ApiCommand], Callable[..., int]]:
    """Like `api_command`, with options that are read together before anything else is done.

    So a mistake in them is reported before the command of a key may ask for a password.

    Args:
        prepare: gets the options of the command line, and returns those of the command.
    """

    def wrap(body: ApiCommand) -> Callable[..., int]:
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
            output = make_output(ctx, settings, as_json, quiet=quiet)

            async def run() -> int:
                async with open_session(settings.profile, output, settings) as session:
                    return await body(session, **prepared) or 0

            return asyncio.run(run())

        command.__name__, command.__doc__ = body.__name__, body.__doc__
        return command

    return wrap
