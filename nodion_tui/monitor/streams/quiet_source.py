"""Where quiet streams come from: the client, imported when the first one is opened."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TYPE_CHECKING

from nodion_tui.api.follow.byte_allowance import ByteAllowance
from nodion_tui.api.follow.events import FollowEvent
from nodion_tui.model.run import RunKey

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient


class QuietSource:
    """Opens quiet streams.

    Args:
        client: returns the client, which is created late.
        acquire_request: waits until one more request fits into the budget.
    """

    def __init__(
        self,
        client: "Callable[[], NodionClient]",
        acquire_request: Callable[[], Awaitable[None]],
    ) -> None:
        self._client = client
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
            self._client(),
            key,
            after_id=after_id,
            acquire_request=self._acquire_request,
            allowance=allowance,
        ).events()
