"""Which runner and which run were meant: an id, the unique start of one, or a name."""

import difflib
import re
from collections.abc import Sequence

import msgspec

from nodion_tui.cli.output.format import unique_prefixes
from nodion_tui.cli.runner_cache import cache_runners
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import (
    ApiError,
    InputError,
    KeyRejected,
    NodionError,
    ResourceNotFound,
    ScopeMissing,
)
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run, RunKey, newest_first
from nodion_tui.model.runner import Runner

LATEST = "latest"
"""Stands for the newest run of a runner."""
NO_RUNNER_LIST_HINT = (
    "if the service lists no runners, name them: NODION_RUNNERS, or runners of the profile"
)
_MANY = 5
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


class NotFound(NodionError):
    """No runner or run is what was typed."""

    title = "Not found"


async def list_runners(session: CommandSession, *, raw: bool = False) -> Listing[Runner]:
    """The runners; those of the profile where the service does not list any.

    Args:
        session: its store has them by name afterwards.
        raw: keep each one's JSON as it was sent; of the profile's, what is known of them.

    Raises:
        NodionError: they cannot be listed, and none are configured.
    """
    try:
        listing = await session.client.list_runners(raw=raw)
    except (ResourceNotFound, ScopeMissing) as error:
        session.store.runner_list_failed(error)
        if not session.store.runners:
            session.out.notice(NO_RUNNER_LIST_HINT)
            raise
        origin = session.profile.source("runners")
        session.out.notice(f"the service does not list runners ({error.status}): as in {origin}")
        return _stand_ins(session.store.runners)
    session.store.apply_runners(listing)
    if notice := cache_runners(session.profile, listing.items):
        session.out.notice(notice)
    session.out.bad_rows(listing.bad_rows)
    return listing


async def resolve_runner(session: CommandSession, typed: str) -> Runner:
    """The runner that was meant; a whole id is taken without asking the service.

    Raises:
        NotThere: there is none.
        InputError: there are several.
        NodionError: the service could not be asked.
    """
    if _UUID.match(typed):
        return Runner(id=typed.lower())
    try:
        await list_runners(session)
    except KeyRejected:
        raise
    except ApiError:
        # No list to look it up in: it may be an id all the same, and the service knows.
        return Runner(id=typed)
    runners = session.store.runners
    if found := _matching(runners, typed):
        return found
    if session.store.runners_denied or any(row.id == typed for row in session.store.bad_runners):
        return Runner(id=typed)
    raise NotFound(
        f"no runner has the name {typed!r} or an id that starts like that{_near(runners, typed)}"
    )


async def resolve_run(session: CommandSession, runner: Runner, typed: str) -> RunKey:
    """The run that was meant; a whole id is taken without asking the service.

    Raises:
        NotThere: there is none.
        InputError: there are several.
        NodionError: the service could not be asked.
    """
    if _UUID.match(typed):
        return RunKey(runner.id, typed.lower())
    try:
        listing = await session.client.list_runs(runner.id)
    except (KeyRejected, ResourceNotFound):
        raise
    except ApiError:
        return RunKey(runner.id, typed)
    runs = sorted(listing.items, key=newest_first)
    if typed == LATEST:
        if not runs:
            raise NotFound(f"{runner.label} has no run yet")
        return RunKey(runner.id, runs[0].id)
    if any(row.id == typed for row in listing.bad_rows):
        return RunKey(runner.id, typed)
    return RunKey(runner.id, _run_starting(runs, runner, typed).id)


def _stand_ins(runners: Sequence[Runner]) -> Listing[Runner]:
    raw = (msgspec.json.encode({"id": each.id, "name": each.name}) for each in runners)
    return Listing(tuple(runners), raw=tuple(raw))


def _matching(runners: Sequence[Runner], typed: str) -> Runner | None:
    """Whole ids and names come before parts; None where nothing matches."""
    folded = typed.strip().casefold()
    ways = (
        [runner for runner in runners if runner.id == typed],
        [runner for runner in runners if runner.name == typed],
        [runner for runner in runners if runner.name.strip().casefold() == folded],
        [runner for runner in runners if typed and runner.id.startswith(typed.lower())],
    )
    found = next((way for way in ways if way), [])
    if len(found) > 1:
        starts = unique_prefixes(runner.id for runner in found)
        choice = [f"{starts[runner.id]} ({runner.label})" for runner in found]
        raise InputError(f"{typed!r} can be {_or(choice)}")
    return found[0] if found else None


def _run_starting(runs: Sequence[Run], runner: Runner, typed: str) -> Run:
    whole = [run for run in runs if run.id == typed]
    found = whole or [run for run in runs if typed and run.id.startswith(typed.lower())]
    if not found:
        raise NotFound(f"no run of {runner.label} has an id that starts with {typed!r}")
    if len(found) > 1:
        starts = unique_prefixes(run.id for run in found)
        choice = [f"{starts[run.id]} ({run.status})" for run in found]
        raise InputError(f"{typed!r} can be {_or(choice)}")
    return found[0]


def _near(runners: Sequence[Runner], typed: str) -> str:
    """A name that may have been meant."""
    names = {runner.name.casefold(): runner.name for runner in runners if runner.name}
    folded = typed.casefold()
    close = [name for name in names if folded and folded in name]
    close = close or difflib.get_close_matches(folded, names, 1)
    return f"; did you mean {names[close[0]]!r}?" if close else ""


def _or(choice: Sequence[str]) -> str:
    shown = choice[:_MANY]
    rest = f" and {len(choice) - _MANY} more" if len(choice) > _MANY else ""
    return ", ".join(shown) + rest
