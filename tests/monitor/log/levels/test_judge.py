from pathlib import Path

import pytest

from nodion_tui.monitor.log.level import LogLevel
from nodion_tui.monitor.log.levels.judge import detect_level

LINES = [
    line.split("\t", 1)
    for line in Path(__file__).with_name("lines.tsv").read_text("utf-8").splitlines()
]
"""Lines of loggers and toolchains with how they are shown: as an error, a warning, or neither."""


def shown_as(level: LogLevel | None) -> str:
    if level is None or level < LogLevel.WARN:
        return "none"
    return "warn" if level < LogLevel.ERROR else "error"


def test_each_line_of_the_table_has_its_level() -> None:
    assert [
        (expected, line) for expected, line in LINES if shown_as(detect_level(line)) != expected
    ] == []


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("2026-01-15 10:01:00,123 ERROR app: it broke", LogLevel.ERROR),
        ("2026-01-15T10:01:00Z INFO retrying after ERROR", LogLevel.INFO),
        ("fatal error: all goroutines are asleep", LogLevel.ERROR),
        ("panic: runtime error: index out of range", LogLevel.ERROR),
        ("my.pkg.CustomError: no", LogLevel.ERROR),
        ("2026-01-15 10:01:00 debug connecting", LogLevel.DEBUG),
        ("CRITICAL: out of memory", LogLevel.FATAL),
        ('{"level":60,"msg":"bye"}', LogLevel.FATAL),
        ('{"level":10,"msg":"x"}', LogLevel.TRACE),
        ('{"level":45,"msg":"between two of pino"}', LogLevel.WARN),
        ('{"level":123456,"msg":"no scale"}', None),
        ('{"log":{"syslog":{"severity":{"code":2}}}}', LogLevel.FATAL),
        ('{"a":{"level":"error"}}', None),
        ("[ınfo] as Java writes it in Turkish", None),
        ("2026-01-15 10:01:00 crıtical", None),
        ("level=ſevere", None),
        ("x" * 400 + " ERROR: too far", None),
        ('{"msg":"' + "x" * 4000 + '","level":"error"}', LogLevel.ERROR),
        ("", None),
    ],
)
def test_level_of_a_line(line: str, level: LogLevel | None) -> None:
    assert detect_level(line) is level
