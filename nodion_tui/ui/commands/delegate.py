"""Gives a widget or screen the actions of its controllers.

Textual looks for the action of a key as a method `action_…` of the node that binds the key. With
mixins, one object would have all of them; here each stays in a small controller, which needs no DOM
and is tested without one.
"""

from collections.abc import Callable, Iterator
from typing import Any

from textual.dom import DOMNode

_PREFIX = "action_"


def delegate_actions(node: DOMNode, *controllers: object) -> None:
    """Let a node run the public `action_…` methods of controllers.

    They may replace actions of Textual's own classes, such as `page_up`, as those of a subclass do.

    Args:
        node: binds the keys.
        controllers: each action is a method of exactly one of them.

    Raises:
        TypeError: the node or another controller has an action already.
    """
    for controller in controllers:
        for name, method in _actions(controller):
            _set(node, name, method)


def delegate_actions_on(
    node: DOMNode, subject: Callable[[], object | None], *controllers: object
) -> None:
    """Like `delegate_actions`, for methods that take what they act on; none is run on None.

    Args:
        node: binds the keys.
        subject: returns what is acted on, such as the log that is shown, or None.
        controllers: each action is a method of exactly one of them, with one argument.

    Raises:
        TypeError: as above.
    """
    for controller in controllers:
        for name, method in _actions(controller):
            _set(node, name, _on_subject(subject, method))


def delegate_late(node: DOMNode, make: Callable[[], object], *names: str) -> None:
    """Like `delegate_actions`, for a controller that is made when one of its actions is run.

    Args:
        node: binds the keys.
        make: returns the controller, which it makes once.
        names: its actions, which take no arguments.

    Raises:
        TypeError: as above.
    """
    for name in names:
        _set(node, name, _late(make, name))


def _late(make: Callable[[], object], name: str) -> Callable[[], Any]:
    """A method of what is made then; Textual awaits what it returns."""

    def action() -> Any:
        return getattr(make(), name)()

    return action


def _actions(controller: object) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name in dir(type(controller)):
        if name.startswith(_PREFIX):
            yield name, getattr(controller, name)


def _set(node: DOMNode, name: str, method: Callable[..., Any]) -> None:
    owner = next((each for each in type(node).__mro__ if name in vars(each)), DOMNode)
    if name in vars(node) or not owner.__module__.startswith("textual."):
        raise TypeError(f"{type(node).__name__} has {name} already")
    setattr(node, name, method)


def _on_subject(
    subject: Callable[[], object | None], method: Callable[..., Any]
) -> Callable[[], Any]:
    """The method on the subject of the moment; Textual awaits what it returns."""

    def action() -> Any:
        current = subject()
        return None if current is None else method(current)

    return action
