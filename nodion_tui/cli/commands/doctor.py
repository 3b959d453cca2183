"""`doctor`: what works and what does not, ready to paste into a bug report."""

import asyncio
from collections.abc import Mapping, Sequence

import click
import msgspec

from nodion_tui.cli import doctor_checks as checks
from nodion_tui.cli.doctor_checks import CheckResult
from nodion_tui.cli.options import json_option, load_settings, profile_option
from nodion_tui.cli.output.streams import Output
from nodion_tui.cli.output.table import TableCell
from nodion_tui.cli.process.event_log import describe_event_log
from nodion_tui.cli.process.exit_codes import OK, error_exit_code
from nodion_tui.model.errors import ConfigError, NodionError

_MARKS: Mapping[str, tuple[str, str, str]] = {
    "ok": ("✓", "+", "32"),
    "note": ("·", "-", "2"),
    "bad": ("✗", "x", "31"),
}


@click.command()
@profile_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, profile: str | None, *, as_json: bool) -> int:
    """Check versions, terminal, configuration, key and service.

    Holds no secret: paste all of it into a bug report. Nothing is triggered or stopped. In a pipe:
    ok, note or bad, the name and what was found, a tab between them.
    """
    out = Output(json=as_json, ascii_only=bool(ctx.find_root().params.get("ascii_only")))
    found = [*checks.check_versions(), *checks.check_terminal()]
    found.append(CheckResult("note", "log", describe_event_log(ctx.find_root().params.get("log"))))
    problem: NodionError | None
    try:
        settings = load_settings(ctx, profile)
    except ConfigError as error:
        problem = error
        found += [CheckResult("bad", "configuration", line) for line in error.detail.splitlines()]
    else:
        found += checks.check_configuration(settings)
        service, problem = asyncio.run(checks.check_service(settings.profile))
        found += service
    _print(out, [*found, *checks.check_engine()])
    return OK if problem is None else error_exit_code(problem)


def _print(out: Output, found: Sequence[CheckResult]) -> None:
    if out.json:
        out.json_lines(msgspec.json.encode(check._asdict()) for check in found)
    elif not out.is_terminal:
        out.tab_separated([(check.state, check.name, check.detail) for check in found])
    else:
        width = max(len(check.name) for check in found)
        for check in found:
            glyph, plain, style = _MARKS[check.state]
            mark = TableCell(plain if out.ascii_only else glyph, style)
            out.line(mark, f" {check.name.ljust(width)}  {check.detail}")
