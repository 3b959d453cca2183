"""The whole log of a run in memory, for commands that compare or save it."""

from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import ConnectionLost
from nodion_tui.model.run import Run
from nodion_tui.monitor.log.read_written import is_loaded, read_written
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.session_hooks import LogHooks
from nodion_tui.monitor.log.source import ClientLogSource
from nodion_tui.monitor.log.state import LogPhase, LogState

MAX_BYTES = 1024**3
"""Memory limit of one log; older lines of a larger one are dropped, and said to be."""


async def read_whole_log(session: CommandSession, run: Run) -> LogSession:
    """Reads the log of a run to its end, or from the archive; of a running run what is written.

    Raises:
        NodionError: the log cannot be read.
    """
    log = LogSession(
        run.key,
        ClientLogSource(lambda: session.client),
        max_bytes=MAX_BYTES,
        hooks=LogHooks(run_of=lambda _: run),
        archive=session.archive,
    )
    await read_written(log, _has_ended if run.is_final else is_loaded)
    if log.state.error is not None:
        raise log.state.error
    if log.state.phase is LogPhase.RECONNECTING:
        raise ConnectionLost(log.state.reason)
    return log


def _has_ended(state: LogState) -> bool:
    return state.phase in {LogPhase.ENDED, LogPhase.FAILED, LogPhase.RECONNECTING}
