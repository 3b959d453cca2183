"""Streams decode one after the other, and not while something else is to be done at once."""

import asyncio

from nodion_tui.api.http.decode_turns import DecodeTurns


async def test_one_at_a_time_in_the_order_in_which_they_came() -> None:
    turns, told = DecodeTurns(), list[str]()

    async def decode(name: str) -> None:
        async with turns.take_turn():
            told.append(f"{name} begins")
            await asyncio.sleep(0)
            told.append(f"{name} ends")

    await asyncio.gather(decode("first"), decode("second"))
    assert told == ["first begins", "first ends", "second begins", "second ends"]


async def test_nobody_begins_while_held_and_all_go_on_after_it() -> None:
    turns, told = DecodeTurns(), list[int]()

    async def decode(number: int) -> None:
        async with turns.take_turn():
            told.append(number)

    turns.set_paused(paused=True)
    decoding = [asyncio.create_task(decode(number)) for number in range(3)]
    for _ in range(50):
        await asyncio.sleep(0)
    assert told == []
    turns.set_paused(paused=False)
    await asyncio.gather(*decoding)
    assert told == [0, 1, 2]


async def test_who_is_never_let_go_on_goes_on_after_a_moment() -> None:
    turns = DecodeTurns()
    turns.set_paused(paused=True)
    async with turns.take_turn():
        pass


async def test_who_is_cancelled_while_held_leaves_the_turn_to_the_next() -> None:
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
