"""Options that several commands share, and the way from a click command into a session."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import click

from nodion_tui.cli.completion_values import complete_profile, complete_run, complete_runner
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.session import open_session
from nodion_tui.config import Settings, read_settings

CONTEXT_SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 96}
"""How all commands read their words and show their help."""


class IntegerInRange(click.ParamType[int]):
    """A whole number within bounds, which are told when they are broken and not in every help."""

    name = "number"

    def __init__(self, least: int, most: int | None = None) -> None:
        self._least, self._most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number that was typed."""
        try:
            number = int(value)
        except ValueError:
            self.fail(f"{value!r} is no whole number", param, ctx)
        if number < self._least or (self._most is not None and number > self._most):
            bound = "or more" if self._most is None else f"to {self._most}"
            self.fail(f"{number} is out of range: {self._least} {bound}", param, ctx)
        return number


profile_option = click.option(
    "--profile",
    "-p",
    metavar="NAME",
    shell_complete=complete_profile,
    help="A profile of config.toml, by name.",
)
allow_http_option = click.option(
    "--allow-http", is_flag=True, help="Plain http to other machines, key and all."
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="JSON Lines: each object as the API sent it."
)
runner_argument = click.argument("runner", metavar="RUNNER", shell_complete=complete_runner)
runs_argument = click.argument(
    "runs", metavar="RUN...", nargs=-1, required=True, shell_complete=complete_run
)
timestamps_option = click.option(
    "--timestamps/--no-timestamps",
    "-t/-T",
    "times",
    default=None,
    help="When each line was written: on a terminal unless told.",
)
stop_on_interrupt_option = click.option(
    "--stop-on-interrupt", is_flag=True, help="With -f: ctrl+c stops the run, not the following."
)
run_argument = click.argument("run", metavar="RUN", shell_complete=complete_run)


def load_settings(ctx: click.Context, profile: str | None = None) -> Settings:
    """The configuration, with the flags of the group and of the command itself.

    Raises:
        ConfigError: it cannot be used.
    """
    flags = ctx.find_root().params
    return read_settings(profile or flags.get("profile"), allow_http=bool(flags.get("allow_http")))


def make_output(ctx: click.Context, settings: Settings, *, json: bool = False) -> Output:
    """Where this command's words go."""
    ascii_only = bool(ctx.find_root().params.get("ascii_only")) or settings.ascii
    return Output(json=json, ascii_only=ascii_only)


def api_command(body: Callable[..., Awaitable[int | None]]) -> Callable[..., int]:
    """Turn `async def command(session, **options) -> exit code` into a click callback."""

    @profile_option
    @json_option
    @click.pass_context
    def command(ctx: click.Context, /, profile: str | None, *, as_json: bool, **values: Any) -> int:
        settings = load_settings(ctx, profile)
        out = make_output(ctx, settings, json=as_json)

        async def run() -> int:
            async with open_session(settings.profile, out) as session:
                return await body(session, **values) or 0

        return asyncio.run(run())

    command.__name__, command.__doc__ = body.__name__, body.__doc__
    return command
