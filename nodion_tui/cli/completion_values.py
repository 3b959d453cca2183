"""What a shell may complete: profiles, runners, runs. Quick or silent, and never a prompt."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from nodion_tui.cli.runner_cache import Named, remembered_runners
from nodion_tui.config import Settings, load
from nodion_tui.model.errors import NodionError
from nodion_tui.model.sanitize import visible

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

    from nodion_tui.cli.session import Session

SECONDS = 2.0
"""How long a person waits for a tab key."""
MOST = 100

Answer = TypeVar("Answer")


def complete_profile(
    _ctx: "click.Context", _param: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Names of profiles in config.toml."""
    try:
        profiles = load().profiles
    except NodionError:
        return []
    return _items([Named(each.name, each.api_url) for each in profiles], incomplete)


def complete_runner(
    ctx: "click.Context", _param: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Names of runners; ids too once the start of one is typed."""
    settings = _settings(ctx)
    if settings is None:
        return []
    runners = _ask(settings, _runners) or remembered_runners(settings)
    names = [Named(each.label or each.value, each.value[:8]) for each in runners]
    ids = [each for each in runners if incomplete and each.value.startswith(incomplete)]
    return _items(names, incomplete) or _items(ids, incomplete)


def complete_run(
    ctx: "click.Context", _param: "click.Parameter", incomplete: str
) -> "list[CompletionItem[str]]":
    """Ids of the runner's runs, newest first."""
    settings = _settings(ctx)
    runner = ctx.params.get("runner")
    if settings is None or not runner:
        return []

    async def runs(session: "Session") -> Sequence[Named]:
        from nodion_tui.cli.pick import pick_runner  # noqa: PLC0415  # once it is needed
        from nodion_tui.model.run import newest_first  # noqa: PLC0415  # as above

        listing = await session.client.list_runs((await pick_runner(session, runner)).id)
        newest = sorted(listing.items, key=newest_first)
        return [Named(run.id, visible(run.status)) for run in newest]

    return _items(_ask(settings, runs), incomplete)


def _settings(ctx: "click.Context") -> Settings | None:
    flags = ctx.find_root().params
    try:
        return load(
            ctx.params.get("profile") or flags.get("profile"),
            allow_http=bool(flags.get("allow_http")),
        )
    except NodionError:
        return None


def _ask(
    settings: Settings, question: "Callable[[Session], Awaitable[Sequence[Named]]]"
) -> Sequence[Named]:
    """What the service says; nothing if it is slow, or if the key would take a command to get."""
    source = settings.profile.key_source
    if source is None or not source.is_instant:
        return ()

    async def ask() -> Sequence[Named]:
        from nodion_tui.cli.output.streams import Output  # noqa: PLC0415  # once it is needed
        from nodion_tui.cli.session import open_session  # noqa: PLC0415  # as above

        async with asyncio.timeout(SECONDS):
            async with open_session(settings.profile, Output(silent=True)) as session:
                return await question(session)

    try:
        return asyncio.run(ask())
    except (NodionError, TimeoutError):
        return ()


async def _runners(session: "Session") -> Sequence[Named]:
    from nodion_tui.cli.pick import list_runners  # noqa: PLC0415  # once it is needed

    return [Named(each.id, each.name) for each in (await list_runners(session)).items]


def _items(found: Sequence[Named], incomplete: str) -> "list[CompletionItem[str]]":
    """Those that begin as typed, in either case; text that a terminal would obey stays away."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415  # only a shell asks for it

    folded = incomplete.casefold()
    matching = [
        CompletionItem(each.value, help=visible(each.label) or None)
        for each in found
        if each.value.casefold().startswith(folded) and visible(each.value) == each.value
    ]
    return matching[:MOST]
