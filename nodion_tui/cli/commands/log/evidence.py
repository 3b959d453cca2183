"""`evidence`: saves all that is known of a run, to hand on."""

import asyncio
from pathlib import Path

import click

from nodion_tui.cli.archived import run_or_archived
from nodion_tui.cli.options import api_command, run_argument, runner_argument
from nodion_tui.cli.process.exit_codes import CommandLineError
from nodion_tui.cli.resolve import resolve_run, resolve_runner, told_runner
from nodion_tui.cli.session import CommandSession
from nodion_tui.cli.whole_log import read_whole_log
from nodion_tui.monitor.log.evidence import Evidence, quoted_lines
from nodion_tui.monitor.log.save import save_evidence

_EXAMPLES = """\b
Examples:
  nodion-tui evidence etl latest-failed
  nodion-tui evidence etl 3f2a -o ~/incidents
  gh issue create -F "$(nodion-tui evidence etl latest-failed -o /tmp)/summary.md"
"""


@click.command(epilog=_EXAMPLES)
@runner_argument
@run_argument
@click.option(
    "--output",
    "-o",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    metavar="DIR",
    help="Folder in which the new folder is made (default: the current one).",
)
@api_command
async def evidence(session: CommandSession, runner: str, run: str, folder: Path) -> int:
    """Save log.txt, run.json and summary.md of RUN to a new folder, and print its path.

    RUN is an id, a unique prefix of one, `latest` or `latest-failed`. Secrets in the command are
    masked, the log is unmodified. Nothing is overwritten; files are readable by their owner alone.
    """
    key = await resolve_run(session, await resolve_runner(session, runner), run)
    selected_run = await run_or_archived(session, key)
    log = await read_whole_log(session, selected_run)
    taken = Evidence(
        run=selected_run,
        taken_at=session.client.server_now(),
        log=log.state,
        runner=await told_runner(session, key.runner_id),
        profile=session.profile.name,
        last_lines=quoted_lines(log.buffer),
    )
    try:
        path = await asyncio.to_thread(save_evidence, folder, taken, log.buffer.snapshot())
    except OSError as error:
        raise CommandLineError(f"--output {folder}: {error.strerror or error}") from None
    if session.output.json:
        session.output.json_object({"path": str(path), "lines": log.state.lines})
    else:
        session.output.line(str(path))
    if not log.state.complete:
        session.output.warning("the log may be incomplete: summary.md says why")
    return 0
