"""Parses each style sheet once in a process, not once or more for each app that is started.

Textual parses all rules of an app again whenever a screen with rules of its own is opened first,
as each style sheet has its own cache. Over the suite that is a tenth of what the apps cost.
"""

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_Stylesheet: Any = Stylesheet
parse = _Stylesheet._parse_rules
"""Textual's own."""
_PARSED: dict[tuple[object, ...], list[RuleSet]] = {}
"""Text, place and variables → rules, which Textual only reads once they are parsed."""


def share_parsed_css() -> None:
    """Keep the parsed rules of every app for the following ones."""
    _Stylesheet._parse_rules = _parsed_once


def _parsed_once(sheet: Stylesheet, css: str, *given: Any, **named: Any) -> list[RuleSet]:
    """Textual: the rules of a text; those with an error are parsed again."""
    variables = frozenset(sheet._variables.items())
    key = (css, given, tuple(named.items()), variables)
    if (known := _PARSED.get(key)) is not None:
        return known
    rules: list[RuleSet] = parse(sheet, css, *given, **named)
    if not any(rule.errors for rule in rules):
        _PARSED[key] = rules
    return rules
