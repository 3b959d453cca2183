"""Plain text that every match of a regular expression must contain.

A line without it need not be looked at, and plain text is found ten times as fast as a pattern.
"""

import re

LEAST = 3
"""Characters; shorter texts are in too many lines to be of use."""
_LONGER = frozenset("xuUNpPgkLQ01234567")
"""Escapes that what follows belongs to, such as `\\x41`."""
_TOKEN = re.compile(
    r"\\(?P<plain>[^\w\s])|\\(?P<escape>.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<gone>[*?]|\{[^}]*\})|(?P<repeated>\+)|(?P<any>[.^$])|(?P<or>\|)|(?P<other>[()\[\\{])"
    r"|(?P<literal>.)",
    re.DOTALL,
)


def required(pattern: str) -> tuple[tuple[str, ...], ...]:
    """For each alternative of a pattern the texts that its matches contain, all of them.

    Returns:
        Nothing where that cannot be told: groups, or an alternative without such a text.
    """
    alternatives: list[list[str]] = [[""]]
    for token in _TOKEN.finditer(pattern):
        runs = alternatives[-1]
        kind = token.lastgroup
        if kind == "other" or token["escape"] in _LONGER:
            return ()
        if kind == "or":
            alternatives.append([""])
        elif kind in {"plain", "literal"}:
            runs[-1] += token[kind]
        else:
            if kind == "gone":
                # What may be there no time at all is not required.
                runs[-1] = runs[-1][:-1]
            runs.append("")
    texts = tuple(tuple(run for run in runs if len(run) >= LEAST) for runs in alternatives)
    return texts if all(texts) else ()
