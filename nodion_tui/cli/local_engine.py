"""The embedded engine as a profile that the dashboard connects."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nodion_tui.config import Profile
from nodion_tui.model.errors import ConfigError

if TYPE_CHECKING:
    from nodion_tui.local.running_engine import Attachment

_PATIENCE_SECONDS = 10.0
"""How long an engine that is starting or ending may hold the data folder."""
_RETRY_SECONDS = 0.1


@asynccontextmanager
async def temporary_engine(profile: Profile, *, demo: bool) -> AsyncIterator[Profile]:
    """Start an engine whose data is removed at the end, and yield its profile.

    Args:
        profile: the configured profile, whose safety settings apply.
        demo: whether the engine has the history and the jobs of the demo.
    """
    from nodion_tui.local.child_engine import ChildEngine  # noqa: PLC0415 - after the first paint
    from nodion_tui.local.engine_settings import EngineSettings  # noqa: PLC0415 - see above

    async with ChildEngine(EngineSettings(demo="live" if demo else None)) as server:
        yield Profile(
            name="demo" if demo else "local",
            api_url=server.url,
            key=server.key,
            confirm_name=profile.confirm_name and not demo,
            engine="demo" if demo else "ephemeral",
        )


class KeptEngine:
    """The engine of a data folder: one is started, unless one is running.

    Args:
        profile: the configured profile, whose safety settings and archive apply.
        folder: the data folder.
    """

    def __init__(self, profile: Profile, folder: Path) -> None:
        self._profile = profile
        self._folder = folder
        self._attachment: Attachment | None = None

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Profile]:
        """Yield the profile of the engine; one that was started here ends with the last dashboard.

        Raises:
            ConfigError: the data folder cannot be used, or the engine does not start.
        """
        async with AsyncExitStack() as stack:
            attachment = self._attachment = await self._attach(stack)
            stack.callback(attachment.close)
            yield Profile(
                name="local",
                api_url=attachment.url,
                key=attachment.key,
                confirm_name=self._profile.confirm_name,
                archive=self._profile.archive,
                engine=attachment.engine,
            )

    def leave_running(self) -> None:
        """Let the engine stay until its runs have ended, though this dashboard ends.

        Raises:
            ConfigError: the engine cannot be asked to.
        """
        if self._attachment is not None:
            self._attachment.leave_running()

    async def _attach(self, stack: AsyncExitStack) -> "Attachment":
        """Attach to the running engine; without one, start it."""
        from nodion_tui.local.child_engine import ChildEngine  # noqa: PLC0415 - after the first paint
        from nodion_tui.local.engine_settings import EngineSettings  # noqa: PLC0415 - see above
        from nodion_tui.local.running_engine import attach  # noqa: PLC0415 - see above
        from nodion_tui.local.storage.folder_lock import FolderInUse  # noqa: PLC0415 - see above

        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            if attachment := await asyncio.to_thread(attach, self._folder):
                return attachment
            try:
                await stack.enter_async_context(ChildEngine(EngineSettings(data_dir=self._folder)))
            except FolderInUse as error:
                if time.monotonic() >= deadline:
                    advice = "choose another folder with --data, or --ephemeral"
                    raise ConfigError(f"{error.detail}; {advice}") from None
                await asyncio.sleep(_RETRY_SECONDS)
