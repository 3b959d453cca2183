r"""Requests of many runs: one request, varied in a variable or an argument, and repeated.

A variation is written `NAME = eu | us | ap` in the form and `NAME=eu,us,ap` on the command line.
The number of an argument, counted from 1 as the form numbers them, stands for that argument. Spaces
around a value do not count; `\` before a separator, a space or a quote keeps it, and `""` is empty.
"""

import itertools
import math
import re
from collections.abc import Iterable, Sequence

import msgspec

from nodion_tui.model.text.masking import MASK, looks_secret, mask_argv
from nodion_tui.model.trigger import ENV_KEY, EnvVariable, TriggerRequest

MAX_RUNS = 100
"""Runs that one act may start."""
CONFIRM_ABOVE = 5
"""More runs than this are started only after another confirmation."""

_ESCAPED = re.compile(r"""\\([\\|,"' ])""")


class Variation(msgspec.Struct, frozen=True):
    """What is varied, and its values."""

    name: str
    """Of the variable, or the number of an argument from 1 on, in digits."""
    values: tuple[str, ...]

    @property
    def argument(self) -> int | None:
        """Number of the argument, from 1 on; None: a variable is varied."""
        return int(self.name) if self.name.isdecimal() else None


class PlannedRequest(msgspec.Struct, frozen=True):
    """One of many requests."""

    request: TriggerRequest
    values: tuple[tuple[str, str], ...] = ()
    """What distinguishes it: name or number, and value, of each variation."""
    places: tuple[int, ...] = ()
    """Which of its variation's values each one is, from 1 on."""

    def label(self, hidden: frozenset[str] = frozenset()) -> str:
        """The values, for a row: `REGION=eu  2=fast`.

        Those of secrets are masked, with their place among the values: `TOKEN=•••••••• (2)`.

        Args:
            hidden: names of further variables whose values are masked.
        """
        arguments = mask_argv(self.request.argv or ())
        words = []
        for (name, value), place in zip(self.values, self.places, strict=True):
            if name.isdecimal():
                shown = arguments[int(name) - 1]
            else:
                shown = MASK if name in hidden or looks_secret(name, value) else value
            words.append(f"{name}={shown}" if shown == value else f"{name}={shown} ({place})")
        return "  ".join(words)


def parse_variation(text: str, separator: str) -> Variation:
    """Reads a variation.

    Args:
        text: `NAME=value,value` with the separator `,`.
        separator: one character.

    Raises:
        ValueError: a sentence on what is wrong; without the values, which may be secret.
    """
    name, equals, rest = text.partition("=")
    name = name.strip()
    if not equals:
        example = f" {separator} ".join("abc") if separator != "," else "a,b,c"
        raise ValueError(f"expected NAME={example}")
    if not (re.match(ENV_KEY, name) or re.fullmatch(r"[1-9][0-9]{0,2}", name)):
        raise ValueError(f"{name!r}: expected the name of a variable or the number of an argument")
    return Variation(name, _checked(name, _split(rest, separator)))


def planned_requests(
    request: TriggerRequest, variations: Sequence[Variation], times: int = 1
) -> tuple[PlannedRequest, ...]:
    """Every combination of the values, the last variation first, and all of that several times.

    Raises:
        ValueError: more than `MAX_RUNS`, the same thing varied twice, or no such argument; a
            sentence.
    """
    number = run_count(variations, times)
    if number > MAX_RUNS:
        raise ValueError(f"{number:,} runs, limit {MAX_RUNS}")
    names = [variation.name for variation in variations]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name} is varied twice")
    arguments = len(request.argv or ())
    for variation in variations:
        if variation.argument is not None and variation.argument > arguments:
            has = f"there are {arguments}" if arguments else "no argv is given"
            raise ValueError(f"there is no argument {variation.name}: {has}")
    combinations = list(itertools.product(*(enumerate(each.values, 1) for each in variations)))
    return tuple(
        PlannedRequest(
            _with_values(request, values), values, tuple(place for place, _ in combination)
        )
        for combination in combinations * times
        for values in [tuple(zip(names, (value for _, value in combination), strict=True))]
    )


def run_count(variations: Iterable[Variation], times: int) -> int:
    """Number of runs of a plan."""
    return times * math.prod(len(variation.values) for variation in variations)


def _with_values(request: TriggerRequest, values: tuple[tuple[str, str], ...]) -> TriggerRequest:
    argv = list(request.argv or ())
    env = {variable.env_key: variable.env_val for variable in request.env_variables}
    for name, value in values:
        if name.isdecimal():
            argv[int(name) - 1] = value
        else:
            env[name] = value
    return msgspec.structs.replace(
        request,
        argv=None if request.argv is None else tuple(argv),
        env_variables=tuple(EnvVariable(key, value) for key, value in env.items()),
    )


def _split(text: str, separator: str) -> list[str]:
    """The parts between separators; one behind an odd number of backslashes is none."""
    parts = [""]
    for piece in re.findall(r"\\.|[^\\]|\\\Z", text, re.DOTALL):
        if piece == separator:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _checked(name: str, parts: list[str]) -> tuple[str, ...]:
    values: list[str] = []
    for number, part in enumerate(parts, 1):
        shown = part.strip() if not part.rstrip().endswith("\\") else part.lstrip()
        if not shown:
            raise ValueError(f'value {number} of {name} is empty; write "" for an empty one')
        value = "" if shown in {'""', "''"} else _ESCAPED.sub(r"\1", shown)
        if value in values:
            raise ValueError(f"value {number} of {name} is there twice; repeat runs with times")
        values.append(value)
    return tuple(values)
