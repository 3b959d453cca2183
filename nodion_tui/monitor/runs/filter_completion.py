"""Completes the end of a filter while it is typed: keys, statuses, runners and profiles."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from nodion_tui.model.run import RunStatus
from nodion_tui.monitor.runs.filter import FilterToken, tokenize
from nodion_tui.monitor.runs.filter_terms import CAUSE_STATES, FILTER_TERMS

_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"exit": ("none",), "overdue": ("yes", "no"), "cause": CAUSE_STATES}
)
"""Key → the words among its values."""


def complete_filter(
    text: str, runner_names: Iterable[str], profile_names: Iterable[str] = ()
) -> str | None:
    """The text with its last term completed; None if nothing, or only the text itself, fits.

    Args:
        text: as typed so far.
        runner_names: displayed names, for `runner:`.
        profile_names: for `profile:`.
    """
    tokens = list(tokenize(text))
    if not tokens or tokens[-1].end != len(text):
        return None
    last = tokens[-1]
    if last.key is None:
        return _first(text, last.start + len(text[last.start :]) - len(last.raw), _keys())
    typed_from = last.value_start
    if not last.quoted and "," in last.value:
        typed_from += last.value.rindex(",") + 1
    return _first(text, typed_from, _values(last, runner_names, profile_names))


def _keys() -> Iterator[str]:
    return (f"{key}:" for key in FILTER_TERMS)


def _values(
    token: FilterToken, runner_names: Iterable[str], profile_names: Iterable[str]
) -> Iterable[str]:
    if token.key == "status":
        return tuple(RunStatus)
    if token.key == "profile":
        return profile_names
    if token.key == "runner":
        return (f'"{name}"' if " " in name or token.quoted else name for name in runner_names)
    return _WORDS.get(token.key or "", ())


def _first(text: str, start: int, candidates: Iterable[str]) -> str | None:
    """The text up to `start` and the first candidate that begins with the rest."""
    typed = text[start:].casefold()
    for candidate in candidates:
        for form in (candidate, candidate.strip('"')):
            if typed and form.casefold().startswith(typed) and len(candidate) > len(typed):
                return text[:start] + candidate
    return None
