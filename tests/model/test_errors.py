"""The error hierarchy: titles, and details without keys."""

import inspect

import pytest

from nodion_tui.model import errors

ALL = [
    member
    for _, member in inspect.getmembers(errors, inspect.isclass)
    if issubclass(member, errors.NodionError)
]


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.__name__)
def test_every_error_has_a_title_and_stands_in_the_drawn_tree(
    error: type[errors.NodionError],
) -> None:
    assert error.title
    assert errors.__doc__
    assert error.__name__ in errors.__doc__


def test_the_detail_is_the_message_and_the_title_its_default() -> None:
    assert str(errors.NotReachable("127.0.0.1:1 refused")) == "127.0.0.1:1 refused"
    assert str(errors.NotReachable()) == errors.NotReachable.title


@pytest.mark.parametrize(
    ("detail", "beside"),
    [("", ""), ("Service unreachable.", ""), ("check the network", ""), ("refused.", "refused.")],
)
def test_a_detail_is_not_told_beside_a_text_that_says_it(detail: str, beside: str) -> None:
    error = errors.NotReachable(detail)
    assert error.detail_beside(error.title, error.hint) == beside
