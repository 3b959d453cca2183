"""Renews the API key of a profile from its key command after the service rejected it."""

import asyncio
import time
from collections.abc import Callable

from nodion_tui.config import Profile, with_key
from nodion_tui.model.errors import NoKey

PAUSE_SECONDS = 20.0
"""Time between two runs of a key command that returned no new key, in seconds."""


class KeyRenewal:
    """Holds the profile with its current key and renews that key.

    Args:
        profile: the profile with its key and the key's source.
        terminal_in_use: a full-screen UI owns the terminal, so a key command must not prompt.
        clock: monotonic clock, in seconds.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        terminal_in_use: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.profile = profile
        self._terminal_in_use = terminal_in_use
        self._clock = clock
        self._not_before = float("-inf")

    async def renew(self) -> bool:
        """Run the key command again; returns whether the key has changed.

        Variables, files and keyrings are not read again: they change only by hand.
        """
        source = self.profile.key_source
        if source is None or source.kind != "command" or self._clock() < self._not_before:
            return False
        try:
            renewed = await asyncio.to_thread(
                with_key, self.profile, terminal_in_use=self._terminal_in_use
            )
        except NoKey:
            renewed = self.profile
        if renewed.key == self.profile.key:
            self._not_before = self._clock() + PAUSE_SECONDS
            return False
        self.profile = renewed
        return True
