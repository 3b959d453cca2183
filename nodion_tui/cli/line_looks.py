"""Lights the lines of a log on a terminal by the patterns of config.toml, as the dashboard does."""

from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import NodionError
from nodion_tui.model.runner import Runner


async def light_lines(session: CommandSession, runner_id: str) -> None:
    """Let the output light the lines of a runner's logs; nothing in a pipe or without colours.

    Where the name of the runner is not known, and a pattern asks for it, the runner is requested.
    """
    output, patterns = session.output, session.patterns
    if not (patterns and output.is_terminal and output.use_color) or output.json:
        return
    from nodion_tui.monitor.log.patterns.pattern_book import PatternBook  # noqa: PLC0415 - seldom

    runner = session.runs.runner(runner_id)
    if runner is None and any(pattern.runner != "*" for pattern in patterns):
        runner = await _runner(session, runner_id)
    output.patterns = PatternBook(patterns, lambda _: runner).of(runner_id)


async def _runner(session: CommandSession, runner_id: str) -> Runner | None:
    """The runner; None if the service does not tell it, so that its id alone counts."""
    try:
        return await session.client.get_runner(runner_id)
    except NodionError:
        return None
