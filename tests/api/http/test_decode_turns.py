"""Streams decode one at a time, and not while paused for urgent work."""

import asyncio

from nodion_tui.api.http.decode_turns import DecodeTurns


async def test_turns_are_taken_one_at_a_time_in_order() -> None:
    turns, decoded = DecodeTurns(), list[str]()

    async def decode(name: str) -> None:
        async with turns.take_turn():
            decoded.append(f"{name} begins")
            await asyncio.sleep(0)
            decoded.append(f"{name} ends")

    await asyncio.gather(decode("first"), decode("second"))
    assert decoded == ["first begins", "first ends", "second begins", "second ends"]


async def test_no_turn_starts_while_paused_and_all_resume_afterwards() -> None:
    turns, decoded = DecodeTurns(), list[int]()

    async def decode(number: int) -> None:
        async with turns.take_turn():
            decoded.append(number)

    turns.set_paused(paused=True)
    decoding = [asyncio.create_task(decode(number)) for number in range(3)]
    for _ in range(50):
        await asyncio.sleep(0)
    assert decoded == []
    turns.set_paused(paused=False)
    await asyncio.gather(*decoding)
    assert decoded == [0, 1, 2]


async def test_a_pause_that_is_never_lifted_times_out() -> None:
    turns = DecodeTurns()
    turns.set_paused(paused=True)
    async with turns.take_turn():
        pass


async def test_a_cancelled_waiter_leaves_its_turn_to_the_next() -> None:
    turns = DecodeTurns()
    turns.set_paused(paused=True)
    waiting = asyncio.create_task(turns.take_turn().__aenter__())
    for _ in range(5):
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait((waiting,))
    turns.set_paused(paused=False)
    async with turns.take_turn():
        pass
