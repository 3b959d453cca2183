import pytest

from nodion_tui.monitor.log.level import LogLevel, detect_level, parse_level


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("2026-01-15 10:01:00,123 ERROR app: it broke", LogLevel.ERROR),
        ("2026-01-15T10:01:00Z INFO retrying after ERROR", LogLevel.INFO),
        ("[WARN] disk almost full", LogLevel.WARN),
        ("WARNING:root:careful", LogLevel.WARN),
        ("level=error msg=boom", LogLevel.ERROR),
        ('time="…" level="warning" msg=x', LogLevel.WARN),
        ("error: expected ';'", LogLevel.ERROR),
        ("error[E0308]: mismatched types", LogLevel.ERROR),
        ("main.c:3:4: warning: unused variable", LogLevel.WARN),
        ("main.c:3:4: fatal error: x.h: No such file", LogLevel.ERROR),
        ("fatal error: all goroutines are asleep", LogLevel.ERROR),
        ("Traceback (most recent call last):", LogLevel.ERROR),
        ("ValueError: bad value", LogLevel.ERROR),
        ("KeyboardInterrupt", LogLevel.ERROR),
        ("my.pkg.CustomError: no", LogLevel.ERROR),
        ('Exception in thread "main" java.lang.RuntimeException: x', LogLevel.ERROR),
        ("Caused by: java.io.IOException: y", LogLevel.ERROR),
        ("panic: runtime error: index out of range", LogLevel.ERROR),
        ("thread 'main' panicked at src/main.rs:2:5", LogLevel.ERROR),
        ("npm ERR! code ELIFECYCLE", LogLevel.ERROR),
        ("E0115 10:01:00.123456 1 server.go:1] cannot", LogLevel.ERROR),
        ("W0115 10:01:00.123456 1 server.go:1] hm", LogLevel.WARN),
        ('{"level":"error","msg":"x"}', LogLevel.ERROR),
        ('{"time":1,"severity": "WARNING"}', LogLevel.WARN),
        ('{"level":30,"msg":"an error"}', LogLevel.INFO),
        ('{"level":60,"msg":"bye"}', LogLevel.FATAL),
        ("2026-01-15 10:01:00 debug connecting", LogLevel.DEBUG),
        ("CRITICAL: out of memory", LogLevel.FATAL),
        ("finished with 0 errors", None),
        ("GET /error/ERROR.html 200", None),
        ("the information desk", None),
        ("[ınfo] as Java writes it in Turkish", None),
        ("2026-01-15 10:01:00 crıtical", None),
        ("level=ſevere", None),
        ("", None),
    ],
)
def test_level_of_a_line(line: str, level: LogLevel | None) -> None:
    assert detect_level(line) is level


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Warning", LogLevel.WARN),
        ("50", LogLevel.ERROR),
        ("10", LogLevel.TRACE),
        ("45", None),
        ("x", None),
    ],
)
def test_named_levels(name: str, level: LogLevel | None) -> None:
    assert parse_level(name) is level
