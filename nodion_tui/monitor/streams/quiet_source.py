"""Where quiet streams come from: the client of a runner, imported when the first is opened."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from nodion_tui.api.follow.byte_allowance import ByteAllowance
from nodion_tui.api.follow.events import FollowEvent
from nodion_tui.model.run import RunKey

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient


class QuietSource:
    """Opens quiet streams.

    Args:
        client_of: returns the client for a runner id, which is created late.
        acquire_request: waits until one more request fits into the budget for a runner id.
    """

    def __init__(
        self,
        client_of: "Callable[[str], NodionClient]",
        acquire_request: Callable[[str], Awaitable[None]],
    ) -> None:
        self._client_of = client_of
        self._acquire_request = acquire_request

    def follow(
        self, key: RunKey, after_id: str | None, allowance: ByteAllowance
    ) -> AsyncGenerator[FollowEvent, None]:
        """The events of a run's stream after a line, to the end of the run.

        Raises:
            TooMuchOutput: the stream brings more than it is allowed.
            NodionError: a permanent error.
        """
        from nodion_tui.api.follow.quiet import quiet_follower  # noqa: PLC0415 - httpx after the first paint

        return quiet_follower(
            self._client_of(key.runner_id),
            key,
            after_id=after_id,
            acquire_request=partial(self._acquire_request, key.runner_id),
            allowance=allowance,
        ).events()
