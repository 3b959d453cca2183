import pytest

from nodion_tui.monitor.log.folds.stack_traces import Fold, find_folds

PYTHON = """\
starting
Traceback (most recent call last):
  File "/app/a.py", line 1, in <module>
    main()
    ~~~~^^
ValueError: bad

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/a.py", line 3, in <module>
    other()
KeyError: 'x'
next line""".splitlines()
JAVA = """\
INFO fine
Exception in thread "main" java.lang.RuntimeException: boom
\tat com.acme.A.a(A.java:1)
\tat com.acme.B.b(B.java:2)
\t... 3 more
Caused by: java.io.IOException: disk
\tat com.acme.C.c(C.java:9)
\tat com.acme.C.d(C.java:10)
INFO on""".splitlines()
NODE = """\
TypeError: x is not a function
    at Object.<anonymous> (/app/i.js:1:1)
    at Module._compile (node:internal:1)
done""".splitlines()
GO = """\
panic: boom

goroutine 1 [running]:
main.f(...)
\t/app/main.go:5
main.main()
exit status 2

after""".splitlines()


@pytest.mark.parametrize(
    ("lines", "folds"),
    [
        (PYTHON, [Fold(1, 5), Fold(9, 12)]),
        (JAVA, [Fold(1, 5), Fold(5, 8)]),
        (NODE, [Fold(0, 3)]),
        (GO, [Fold(2, 7)]),
        (["Traceback (most recent call last):", "  one", "x"], []),
        (["  at lunch", "  at home", "  at work"], [Fold(0, 3)]),
        (["we are at home", "indented", " not"], []),
        ([], []),
        (["\t... 3 more", "\tat a.B(C.java:1)", "\tat a.B(C.java:2)"], [Fold(0, 3)]),
        (["\tat a.B(C.java:1)", "\t... 3 more", "\tat a.B(C.java:2)"], [Fold(0, 3)]),
        (PYTHON[1:4] + JAVA[1:4], [Fold(0, 3), Fold(3, 6)]),
    ],
)
def test_lines_that_fold(lines: list[str], folds: list[Fold]) -> None:
    assert find_folds(lines) == folds
    assert find_folds(lines, first=100) == [Fold(f.head + 100, f.stop + 100) for f in folds]


def test_hidden_lines_of_folds() -> None:
    assert list(Fold(3, 6).hidden) == [4, 5]
