"""The end of a log that could not be verified, and is as soon as the service answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.ui.log.actions import end_proof
from nodion_tui.ui.log.actions.end_proof import RETRY_SECONDS, EndProof
from tests.support.faulty_engine import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from nodion_tui.api.client import NodionClient
    from nodion_tui.config import Profile
    from tests.ui.conftest import Faults, Open


class Account:
    outage: object = None


class Service:
    """What knows whether a service answers."""

    def __init__(self) -> None:
        self.account = Account()

    def account_of(self, _: str) -> Account:
        return self.account


class Log:
    """A log in a state."""

    class key:  # noqa: N801 - an attribute
        runner_id = "backup"

    def __init__(self) -> None:
        self.state = LogState(phase=LogPhase.ENDED, unproved=True)


def test_an_end_is_verified_again_after_a_while_but_not_during_an_outage() -> None:
    now = 0.0
    proof, log, service = EndProof(lambda: now), Log(), Service()

    def is_due() -> bool:
        return proof.is_due(log, service)  # type: ignore[arg-type]  # as much of them as is used

    assert not is_due(), "the log itself has just tried"
    now = RETRY_SECONDS
    service.account.outage = "unreachable"
    assert not is_due()
    service.account.outage = None
    assert is_due()
    assert not is_due(), "once in a while"
    now = 2 * RETRY_SECONDS
    assert is_due()
    now = 9 * RETRY_SECONDS
    log.state = replace(log.state, phase=LogPhase.LOADING)
    assert not is_due(), "it is being read"
    log.state = LogState(phase=LogPhase.ENDED, complete=True)
    assert not is_due()


async def test_a_log_whose_end_could_not_be_verified_is_when_the_service_is_back(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    faults: Faults,
    open_board: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(end_proof, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr("nodion_tui.api.follow.follower._PROOF_ATTEMPTS", 1)
    request = TriggerRequest(command="echo begun-$((40 + 1)); sleep 1; echo done-$((40 + 2))")
    run = await client.trigger(runner_id("Hello"), request)
    async with open_board(profile) as board:
        await board.sees("begun-41", "last event")
        page = f"GET /runners/{run.runner_id}/runs/{run.id}/logs"
        for path in (page, "GET /runners"):
            faults.by_start[path] = Fault(status=503)
        await board.sees("done-42", "end of the log not verified yet", "may be incomplete")
        faults.by_start.clear()
        await board.sees("log complete, 3 lines", "complete · no gaps")
        assert "not verified" not in board.text
