"""Keeps local variables, which may hold secrets, out of crash reports."""

from functools import cache
from typing import Any


@cache
def hide_locals() -> None:
    """Have Rich leave the locals out of every traceback, whoever asks for them.

    Textual's report of a crash shows them, and has no setting. Rich is what a Textual release that
    writes its report elsewhere would still use. Once per process, so it is cached.
    """
    from rich.traceback import Trace, Traceback  # noqa: PLC0415 - imports all of Pygments

    extract = Traceback.extract

    def extract_without_locals(*args: Any, **options: Any) -> Trace:
        return extract(*args, **(options | {"show_locals": False}))

    Traceback.extract = staticmethod(extract_without_locals)  # type: ignore[method-assign]
