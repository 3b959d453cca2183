from collections.abc import Callable

import pytest

from nodion_tui.model.subscribers import Subscribers


def test_all_are_called_in_the_order_of_subscription() -> None:
    subscribers, heard = Subscribers[str](), list[str]()
    subscribers.subscribe(lambda word: heard.append(f"first {word}"))
    subscribers.subscribe(lambda word: heard.append(f"second {word}"))
    subscribers.notify("word")
    assert heard == ["first word", "second word"]


def test_who_has_left_is_not_called_and_may_leave_again() -> None:
    subscribers, heard = Subscribers[str](), list[str]()
    leave = subscribers.subscribe(heard.append)
    leave()
    leave()
    subscribers.notify("word")
    assert (heard, len(subscribers)) == ([], 0)


def test_a_function_that_subscribed_twice_leaves_once_at_a_time() -> None:
    subscribers, heard = Subscribers[str](), list[str]()
    leave = subscribers.subscribe(heard.append)
    subscribers.subscribe(heard.append)
    leave()
    leave()
    subscribers.notify("word")
    assert heard == ["word"]


def test_subscriptions_may_change_while_subscribers_are_called() -> None:
    subscribers, heard = Subscribers[[]](), list[str]()
    leaves: list[Callable[[], None]] = []

    def change() -> None:
        heard.append("changes")
        for leave in leaves:
            leave()
        subscribers.subscribe(lambda: heard.append("new"))

    leaves.append(subscribers.subscribe(change))
    leaves.append(subscribers.subscribe(lambda: heard.append("has left")))
    subscribers.subscribe(lambda: heard.append("stays"))
    subscribers.notify()
    assert heard == ["changes", "stays"]
    subscribers.notify()
    assert heard == ["changes", "stays", "stays", "new"]


def test_one_that_fails_is_reported_after_the_others_were_called() -> None:
    subscribers, heard = Subscribers[[]](), list[str]()

    def fail() -> None:
        raise ZeroDivisionError

    subscribers.subscribe(fail)
    subscribers.subscribe(lambda: heard.append("called"))
    with pytest.raises(ZeroDivisionError):
        subscribers.notify()
    assert heard == ["called"]
