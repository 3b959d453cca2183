"""`doctor`: checks terminal, configuration and service, for a bug report."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from functools import partial

import click
import msgspec

from nodion_tui.cli.doctor import checks, notices
from nodion_tui.cli.doctor.checks import CheckResult
from nodion_tui.cli.json_option import JsonFields, json_option
from nodion_tui.cli.options import profile_option
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.cli.process.event_log import describe_event_log
from nodion_tui.cli.process.exit_codes import FAILED, OK, error_exit_code
from nodion_tui.cli.session import load_settings
from nodion_tui.model.errors import ConfigError, NodionError

_STATE_SIGNS: Mapping[str, tuple[str, str]] = {
    "ok": ("✓", "32"),
    "note": ("·", "2"),
    "bad": ("✗", "31"),
}


_EXAMPLES = """\b
Examples:
  nodion-tui doctor
  nodion-tui doctor --notify
  nodion-tui doctor | grep ^bad
"""


@click.command(epilog=_EXAMPLES)
@click.option(
    "--notify",
    is_flag=True,
    help="Also send a desktop notification of each kind, and a bell, to this terminal.",
)
@profile_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, profile: str | None, as_json: JsonFields, *, notify: bool) -> int:
    """Check versions, terminal, configuration, notification rules, key and service.

    The output contains no secrets and can be pasted into a bug report. Nothing is triggered or
    stopped. In a pipe: state (ok, note or bad), name and result, tab-separated. The exit code is
    not 0 if a line is bad.
    """
    if notify and not sys.stdout.isatty():
        raise click.UsageError("--notify needs a terminal")
    output = Output(fields=as_json, ascii_only=bool(ctx.find_root().params.get("ascii_only")))
    results = [*checks.check_versions(), *checks.check_terminal()]
    results.append(
        CheckResult("note", "log", describe_event_log(ctx.find_root().params.get("log")))
    )
    error: NodionError | None
    try:
        settings = load_settings(ctx, profile)
    except ConfigError as config_error:
        error = config_error
        results += [
            CheckResult("bad", "configuration", line) for line in config_error.detail.splitlines()
        ]
    else:
        results += checks.check_configuration(settings)
        results += notices.check_problems(settings)
        results += notices.check_notifications(settings)
        check_patterns = partial(notices.check_patterns, settings)
        service_results, error = asyncio.run(checks.check_services(settings, check_patterns))
        results += service_results
    results += checks.check_engine()
    if notify:
        results += notices.send_notifications()
    _print_results(output, results)
    if error is not None:
        return error_exit_code(error)
    return FAILED if any(check.state == "bad" for check in results) else OK


def _print_results(output: Output, results: Sequence[CheckResult]) -> None:
    if output.json:
        output.json_lines(msgspec.json.encode(check._asdict()) for check in results)
    elif not output.is_terminal:
        output.tab_separated([(check.state, check.name, check.detail) for check in results])
    else:
        width = max(len(check.name) for check in results)
        for check in results:
            sign, style = _STATE_SIGNS[check.state]
            output.line(
                TableCell(output.sign(sign), style), f" {check.name.ljust(width)}  {check.detail}"
            )
