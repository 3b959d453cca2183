import pytest

from nodion_tui.monitor.log.level import Level, level_of, named_level


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("2026-01-15 10:01:00,123 ERROR app: it broke", Level.ERROR),
        ("2026-01-15T10:01:00Z INFO retrying after ERROR", Level.INFO),
        ("[WARN] disk almost full", Level.WARN),
        ("WARNING:root:careful", Level.WARN),
        ("level=error msg=boom", Level.ERROR),
        ('time="…" level="warning" msg=x', Level.WARN),
        ("error: expected ';'", Level.ERROR),
        ("error[E0308]: mismatched types", Level.ERROR),
        ("main.c:3:4: warning: unused variable", Level.WARN),
        ("main.c:3:4: fatal error: x.h: No such file", Level.ERROR),
        ("fatal error: all goroutines are asleep", Level.ERROR),
        ("Traceback (most recent call last):", Level.ERROR),
        ("ValueError: bad value", Level.ERROR),
        ("KeyboardInterrupt", Level.ERROR),
        ("my.pkg.CustomError: no", Level.ERROR),
        ('Exception in thread "main" java.lang.RuntimeException: x', Level.ERROR),
        ("Caused by: java.io.IOException: y", Level.ERROR),
        ("panic: runtime error: index out of range", Level.ERROR),
        ("thread 'main' panicked at src/main.rs:2:5", Level.ERROR),
        ("npm ERR! code ELIFECYCLE", Level.ERROR),
        ("E0115 10:01:00.123456 1 server.go:1] cannot", Level.ERROR),
        ("W0115 10:01:00.123456 1 server.go:1] hm", Level.WARN),
        ('{"level":"error","msg":"x"}', Level.ERROR),
        ('{"time":1,"severity": "WARNING"}', Level.WARN),
        ('{"level":30,"msg":"an error"}', Level.INFO),
        ('{"level":60,"msg":"bye"}', Level.FATAL),
        ("2026-01-15 10:01:00 debug connecting", Level.DEBUG),
        ("CRITICAL: out of memory", Level.FATAL),
        ("finished with 0 errors", None),
        ("GET /error/ERROR.html 200", None),
        ("the information desk", None),
        ("", None),
    ],
)
def test_level_of_a_line(line: str, level: Level | None) -> None:
    assert level_of(line) is level


@pytest.mark.parametrize(
    ("name", "level"),
    [("Warning", Level.WARN), ("50", Level.ERROR), ("10", Level.TRACE), ("45", None), ("x", None)],
)
def test_named_levels(name: str, level: Level | None) -> None:
    assert named_level(name) is level
