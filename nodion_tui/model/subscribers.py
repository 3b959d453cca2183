"""Functions to call when something changes."""

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Subscribers(Generic[P]):
    """Calls each subscribed function at every `notify`, in the order of subscription.

    A function may subscribe and unsubscribe others, or itself, while it is called: who has left is
    not called, who is new is called from the next time on. One that fails keeps none of the others
    from being called.
    """

    __slots__ = ("_functions",)

    def __init__(self) -> None:
        self._functions: dict[object, Callable[P, None]] = {}

    def __len__(self) -> int:
        return len(self._functions)

    def subscribe(self, function: Callable[P, None]) -> Callable[[], None]:
        """Call a function at every `notify`; twice, if it is subscribed twice.

        Returns:
            The function that unsubscribes; calling it again does nothing.
        """
        place = object()
        self._functions[place] = function

        def unsubscribe() -> None:
            self._functions.pop(place, None)

        return unsubscribe

    def notify(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call all functions.

        Raises:
            Exception: what the first function that failed has raised; all have been called.
        """
        failure: Exception | None = None
        for place in tuple(self._functions):
            function = self._functions.get(place)
            if function is None:
                continue
            try:
                function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - raised below
                failure = failure or error
        if failure is not None:
            raise failure
