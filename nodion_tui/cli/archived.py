"""What commands that read take from the archive while the service cannot be reached."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import ConnectionLost, NotReachable, ResourceNotFound
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run, RunKey, newest_first
from nodion_tui.model.runner import Runner

T = TypeVar("T")


async def runners_or_archived(session: CommandSession, *, raw: bool = False) -> Listing[Runner]:
    """The runners of the service, or those with archived logs.

    Raises:
        NodionError: the service does not list them, and nothing is archived.
    """
    return await _or_archived(
        session, lambda: session.client.list_runners(raw=raw), _archived_runners
    )


async def runs_or_archived(session: CommandSession, runner_id: str) -> Listing[Run]:
    """The runs of a runner, or those with archived logs; raises as `runners_or_archived`."""

    async def archived() -> Listing[Run] | None:
        runs = [run for run in await archived_runs(session) if run.runner_id == runner_id]
        return Listing(tuple(runs)) if runs else None

    return await _or_archived(
        session, lambda: session.client.list_runs(runner_id), lambda _: archived()
    )


async def run_or_archived(session: CommandSession, key: RunKey) -> Run:
    """A run, or what the archive knows of it if the service does not; raises as the service."""

    async def archived() -> Run | None:
        return next((run for run in await archived_runs(session) if run.key == key), None)

    return await _or_archived(
        session, lambda: session.client.get_run(*key), lambda _: archived(), gone=True
    )


async def archived_runs(session: CommandSession) -> list[Run]:
    """The runs with archived logs, newest first; none without an archive, or if it fails."""
    if session.archive is None:
        return []
    return sorted([log.run for log in await session.archive.logs()], key=newest_first)


async def _archived_runners(session: CommandSession) -> Listing[Runner] | None:
    if session.archive is None:
        return None
    names = {log.run.runner_id: log.runner for log in reversed(await session.archive.logs())}
    runners = tuple(Runner(id=runner_id, name=name) for runner_id, name in names.items())
    return Listing(runners) if runners else None


async def _or_archived(
    session: CommandSession,
    request: Callable[[], Awaitable[T]],
    archived: Callable[[CommandSession], Awaitable[T | None]],
    *,
    gone: bool = False,
) -> T:
    """What the service answers, or what is archived if it cannot be reached (or has it no more)."""
    kinds = (NotReachable, ConnectionLost, *((ResourceNotFound,) if gone else ()))
    try:
        return await request()
    except kinds as error:
        found = None if session.archive is None else await archived(session)
        if found is None:
            raise
        if not session.told_archived:
            session.told_archived = True
            session.output.warning(f"{error.title}: shown from the archive")
        return found
