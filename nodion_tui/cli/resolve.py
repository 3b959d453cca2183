"""Resolves RUNNER and RUN arguments: an id, a unique prefix of an id, or a name."""

from collections.abc import Sequence

import msgspec

from nodion_tui.cli.archived import runners_or_archived, runs_or_archived
from nodion_tui.cli.output.id_prefixes import unique_prefixes
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
from nodion_tui.model.run import Run, RunKey, RunStatus, newest_listed_first
from nodion_tui.model.runner import Runner, is_uuid

NO_RUNNER_LIST_HINT = (
    "if the service does not list runners, set NODION_RUNNERS, or runners in the profile"
)
LATEST = "latest"
"""RUN argument: the newest run."""
LATEST_FAILED = "latest-failed"
"""RUN argument: the newest run that failed."""
GOOD = "good"
"""What a run is compared with: the succeeded run before it, or else the newest one."""
_MAX_CHOICES = 5


class NotFound(NodionError):
    """No runner or run matches the argument."""

    title = "Not found"


async def list_runners(session: CommandSession, *, raw: bool = False) -> Listing[Runner]:
    """Lists the runners; falls back to those of the profile if the service does not list any.

    Args:
        session: its store holds the runners afterwards.
        raw: keep the JSON of each runner; for runners of the profile, JSON of id and name.

    Raises:
        NodionError: the runners cannot be listed, and none are configured.
    """
    try:
        listing = await runners_or_archived(session, raw=raw)
    except (ResourceNotFound, ScopeMissing) as error:
        session.runs.runner_list_failed(error)
        if not session.runs.runners:
            session.output.notice(NO_RUNNER_LIST_HINT)
            raise
        source = session.profile.source("runners")
        session.output.notice(f"the service does not list runners ({error.status}): using {source}")
        return _configured_listing(session.runs.runners)
    session.runs.apply_runners(listing)
    _cache_for_completion(session, listing.items)
    session.output.bad_rows(listing)
    return listing


def _cache_for_completion(session: CommandSession, runners: Sequence[Runner]) -> None:
    """Keeps the names where a completion cannot ask for them."""
    source = session.profile.key_source
    if source is None or source.is_instant:
        return
    # On demand: most keys are there at once.
    from nodion_tui.cli.completion.runner_cache import cache_runners  # noqa: PLC0415

    if notice := cache_runners(session.profile, runners):
        session.output.notice(notice)


async def told_runner(session: CommandSession, runner_id: str) -> Runner | None:
    """Name and image of a runner; None if the service does not tell them."""
    try:
        return await session.client.get_runner(runner_id)
    except NodionError:
        return session.runs.runner(runner_id)


async def resolve_runner(session: CommandSession, argument: str) -> Runner:
    """Resolves a RUNNER argument; a complete id needs no request.

    Raises:
        NotFound: no runner matches.
        InputError: several runners match.
        NodionError: the request failed.
    """
    if is_uuid(argument):
        return Runner(id=argument.lower())
    try:
        await list_runners(session)
    except KeyRejected:
        raise
    except ApiError:
        # Without a list the argument may still be an id that the service accepts.
        return Runner(id=argument)
    runners = session.runs.runners
    if runner := _match_runner(runners, argument):
        return runner
    if session.runs.runners_denied or any(row.id == argument for row in session.runs.bad_runners):
        return Runner(id=argument)
    raise NotFound(
        f"no runner has the name {argument!r} or an id with this prefix"
        f"{_suggestion(runners, argument)}"
    )


async def resolve_run(session: CommandSession, runner: Runner, argument: str) -> RunKey:
    """Resolves a RUN argument: `latest`, `latest-failed`, an id, or a unique prefix of one.

    A complete id needs no request.

    Raises:
        NotFound: no run matches.
        InputError: several runs match.
        NodionError: the request failed.
    """
    if is_uuid(argument):
        return RunKey(runner.id, argument.lower())
    try:
        listing = await runs_or_archived(session, runner.id)
    except (KeyRejected, ResourceNotFound):
        raise
    except ApiError:
        return RunKey(runner.id, argument)
    runs = [listing.items[n] for n in newest_listed_first(listing.items)]
    if argument in {LATEST, LATEST_FAILED}:
        return RunKey(runner.id, _newest_run(runs, runner, failed=argument == LATEST_FAILED).id)
    if any(row.id == argument for row in listing.bad_rows):
        return RunKey(runner.id, argument)
    return RunKey(runner.id, _match_run(runs, runner, argument).id)


def match_listed_run(runs: Sequence[Run], argument: str) -> Run:
    """The run of a RUN argument among the runs of several runners, newest first.

    Raises:
        NotFound: no run matches.
        InputError: several runs match.
    """
    everything = Runner(id="", name="the account")
    if argument in {LATEST, LATEST_FAILED}:
        return _newest_run(runs, everything, failed=argument == LATEST_FAILED)
    return _match_run(runs, everything, argument)


def _configured_listing(runners: Sequence[Runner]) -> Listing[Runner]:
    raw = (msgspec.json.encode({"id": runner.id, "name": runner.name}) for runner in runners)
    return Listing(tuple(runners), raw=tuple(raw))


def _match_runner(runners: Sequence[Runner], argument: str) -> Runner | None:
    """Finds a runner: exact ids and names before prefixes; None if nothing matches."""
    folded = argument.strip().casefold()
    candidates = (
        [runner for runner in runners if runner.id == argument],
        [runner for runner in runners if runner.name == argument],
        [runner for runner in runners if runner.name.strip().casefold() == folded],
        [runner for runner in runners if argument and runner.id.startswith(argument.lower())],
    )
    matches = next((runners for runners in candidates if runners), [])
    _check_unique(argument, [(runner.id, runner.label) for runner in matches])
    return matches[0] if matches else None


def _newest_run(runs: Sequence[Run], runner: Runner, *, failed: bool) -> Run:
    for run in runs:
        if not failed or run.status == RunStatus.FAILED:
            return run
    raise NotFound(f"{runner.label} has no {'failed run' if failed else 'runs yet'}")


def _match_run(runs: Sequence[Run], runner: Runner, argument: str) -> Run:
    exact = [run for run in runs if run.id == argument]
    matches = exact or [run for run in runs if argument and run.id.startswith(argument.lower())]
    if not matches:
        raise NotFound(f"no run of {runner.label} has an id that starts with {argument!r}")
    _check_unique(argument, [(run.id, run.status) for run in matches])
    return matches[0]


def _check_unique(argument: str, matches: Sequence[tuple[str, str]]) -> None:
    """Raises if there are several matches, given by id and description."""
    if len(matches) > 1:
        prefixes = unique_prefixes(identifier for identifier, _ in matches)
        choices = [f"{prefixes[identifier]} ({text})" for identifier, text in matches]
        rest = f" and {len(choices) - _MAX_CHOICES} more" if len(choices) > _MAX_CHOICES else ""
        raise InputError(f"{argument!r} is ambiguous: {', '.join(choices[:_MAX_CHOICES])}{rest}")


def _suggestion(runners: Sequence[Runner], argument: str) -> str:
    """`; did you mean …?` with the closest name; empty if there is none."""
    import difflib  # noqa: PLC0415 - for a mistake alone

    names = {runner.name.casefold(): runner.name for runner in runners if runner.name}
    folded = argument.casefold()
    close = [name for name in names if folded and folded in name]
    close = close or difflib.get_close_matches(folded, names, 1)
    return f"; did you mean {names[close[0]]!r}?" if close else ""
