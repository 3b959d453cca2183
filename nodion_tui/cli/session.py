"""One profile, its client, and what is known through it: what every command of the API needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import msgspec

from nodion_tui.cli.output.streams import Output
from nodion_tui.config import Profile, with_key
from nodion_tui.model.errors import NoKey, ReadOnly
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.runs.store import RunStore

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient


class _Answer(msgspec.Struct):
    run: msgspec.Raw


class _Run(msgspec.Struct):
    id: str


_ANSWER = msgspec.json.Decoder(_Answer)
_RUN = msgspec.json.Decoder(_Run)


class CommandSession:
    """What the commands of the API work with.

    Args:
        profile: with its key.
        out: where words go.
    """

    def __init__(self, profile: Profile, output: Output) -> None:
        self._answers: dict[str, bytes] = {}
        self.profile = profile
        self.client = self._connect()
        self.out = output
        self.store = RunStore(
            lambda: self.client,
            read_only=profile.read_only,
            known_runners=[Runner(id=ref.id, name=ref.name) for ref in profile.runners],
        )

    def require_write_access(self) -> None:
        """Raise unless the profile allows triggers and stops.

        Raises:
            ReadOnly: it does not.
        """
        if self.profile.read_only:
            where = self.profile.source("read_only")
            raise ReadOnly(f"{where}: read_only of profile {self.profile.name} forbids this")

    def run_json(self, run: Run) -> bytes:
        """The run's JSON as the service sent it last."""
        return self._answers.get(run.id) or msgspec.json.encode(run)

    def _connect(self) -> "NodionClient":
        from nodion_tui.api.client import NodionClient  # noqa: PLC0415  # httpx, once it is needed

        return NodionClient(self.profile, on_body=self._keep, terminal_in_use=False)

    def _keep(self, body: bytes) -> None:
        """Remember the JSON of an answer that is one run."""
        with suppress(msgspec.MsgspecError):
            raw = bytes(_ANSWER.decode(body).run)
            self._answers[_RUN.decode(raw).id] = raw


@asynccontextmanager
async def open_session(profile: Profile, out: Output) -> AsyncIterator[CommandSession]:
    """A session with the profile's key; its connections are closed at the end.

    Raises:
        NoKey: there is none.
    """
    if profile.key_source is None and profile.key is None:
        raise NoKey(f"no key is configured for profile {profile.name}")
    session = CommandSession(with_key(profile), out)
    try:
        yield session
    finally:
        await session.client.aclose()
