"""A million hostile strings through all sanitizers: no control sequence passes.

python -m tests.bench.fuzz_strings [COUNT [SEED]]      default: 1,000,000 and a new seed
"""

import random
import sys
import time
from collections.abc import Callable, Sequence

from tests.trust import test_fuzz
from tests.trust.hostile_text import CONTROL_PROBES, MARKUP_PROBES

_PIECES = (
    *CONTROL_PROBES,
    *MARKUP_PROBES,
    *("\x1b", "\x1b[", "\x9b", "\x1b]", "31", "38;2;", ";", ":", "m", "\x07", "\r", "\t", "\n"),
    *("é", "日本", "e\u0301", "🏳️\u200d🌈", "\ud83d", "\udc80"),
)
_TESTS = (
    test_fuzz.test_what_is_shown_as_text_is_inert,
    test_fuzz.test_a_line_on_a_terminal_has_colours_and_no_other_control,
    test_fuzz.test_any_line_of_a_log_is_shown_inert,
    test_fuzz.test_whatever_is_painted_sends_looks_and_nothing_else,
)


def string(chance: random.Random) -> str:
    """Known harmful sequences, mixed with arbitrary characters."""
    parts = chance.choices(_PIECES, k=chance.randint(1, 8))
    parts += [chr(chance.randrange(sys.maxunicode + 1)) for _ in range(chance.randint(0, 4))]
    chance.shuffle(parts)
    return "".join(parts)


def asked() -> tuple[int, random.Random]:
    """The number of strings and their random source; prints the seed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(2**32)
    print(f"{count:,} strings of seed {seed}", flush=True)
    return count, random.Random(seed)  # noqa: S311 - no secret


def main() -> None:
    """Run each test with each string; failures are printed with the seed."""
    count, chance = asked()
    checks: Sequence[Callable[[str], None]] = [test.hypothesis.inner_test for test in _TESTS]  # type: ignore[attr-defined]  # hypothesis puts it there
    began = time.monotonic()
    for _ in range(count):
        text = string(chance)
        try:
            for check in checks:
                check(text)
        except Exception:
            print(f"failed on {text!r}")
            raise
    print(f"{count:,} strings, each in {len(checks)} ways, {time.monotonic() - began:.0f} s: inert")


if __name__ == "__main__":
    main()
