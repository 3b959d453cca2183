import pytest

from nodion_tui.monitor.log.folds.fold import Fold
from nodion_tui.monitor.log.folds.stack_traces import find_folds, trace_at

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
GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "/app/job.py", line 21, in <module>
  |     asyncio.run(main())
  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/job.py", line 5, in fetch
    |     raise OSError("disk is full")
    | OSError: disk is full
    +------------------------------------""".splitlines()
RUST = """\
thread 'main' (40312) panicked at src/main.rs:2:5:
stack backtrace:
   0: rust_begin_unwind
             at /rustc/abc/library/std/src/panicking.rs:697:5
   1: job::main
note: run with `RUST_BACKTRACE=full` for a verbose backtrace.""".splitlines()
GO_DUMP = """\
goroutine 0 gp=0x55c0a0 m=0 mp=0x55ca20 [idle]:
runtime.futex(0x55cb60, 0x80)
\t/usr/local/go/src/runtime/sys_linux_amd64.s:557 +0x21

goroutine 7 gp=0xc00 m=nil [chan receive, 2 minutes]:
main.work(0x1)
\t/app/main.go:9 +0x20""".splitlines()
DOTNET = """\
Unhandled exception. System.InvalidOperationException: db down
 ---> System.IO.IOException: refused
   at Shop.Net.Open() in /src/Net.cs:line 9
   --- End of inner exception stack trace ---
   at Shop.Program.Main() in /src/Program.cs:line 3
done""".splitlines()
RUBY = """\
x.rb:3:in 'Integer#/': divided by 0 (ZeroDivisionError)
\tfrom x.rb:3:in 'Object#pay'
\tfrom x.rb:7:in '<main>'
done""".splitlines()
PHP = """\
PHP Fatal error:  Uncaught Exception: x in /x.php:3
Stack trace:
#0 /x.php(7): pay()
#1 {main}
  thrown in /x.php on line 3""".splitlines()
ELIXIR = """\
** (RuntimeError) boom
    (shop 0.1.0) lib/shop.ex:3: Shop.pay/1
    x.exs:1: (file)
done""".splitlines()
GO_RECOVERED = """\
goroutine 5 [running]:
net/http.(*conn).serve.func1()
\t/usr/local/go/src/net/http/server.go:1801 +0x13a
panic({0x6d3e20?, 0xc000180000?})
\t/usr/local/go/src/runtime/panic.go:838 +0x207
created by net/http.(*Server).Serve in goroutine 1
\t/usr/local/go/src/net/http/server.go:2966 +0x28a
2026/11/28 12:00:00 served GET /
level=info msg="served (again)\"""".splitlines()
LOGURU = """\
Traceback (most recent call last):

> File "/app/a.py", line 7, in <module>
    main()
    └ <function main at 0x7f>

  File "/app/a.py", line 3, in main
    1/0

ZeroDivisionError: division by zero""".splitlines()
JULIA = """\
ERROR: LoadError: boom
Stacktrace:
 [1] error(s::String)
   @ Base ./error.jl:35
 [2] top-level scope
   @ ~/a.jl:7
in expression starting at a.jl:7""".splitlines()
OCAML = """\
Fatal error: exception Failure("boom")
Raised at Stdlib.failwith in file "stdlib.ml", line 29, characters 17-33
Called from A in file "a.ml", line 9, characters 1-9
done""".splitlines()
BOOST = ["Backtrace:", " 0# pay at a.cpp:7", " 1# main at a.cpp:9", "done"]
PYTEST = [f"E   {line}" for line in PYTHON[1:6]]
COMPOSE = [f"worker-1  | {line}" for line in (*PYTHON[1:6], *JAVA)]
TIMED = [f"2026-11-28T12:00:0{n}.123Z {line}" for n, line in enumerate((*JAVA, "x")[:9])]


@pytest.mark.parametrize(
    ("lines", "folds"),
    [
        (PYTHON, [Fold(1, 5), Fold(9, 12)]),
        (JAVA, [Fold(1, 5), Fold(5, 8)]),
        (NODE, [Fold(0, 3)]),
        (GO, [Fold(2, 6)]),
        (GROUP, [Fold(0, 3), Fold(5, 8)]),
        (RUST, [Fold(1, 5)]),
        (GO_DUMP, [Fold(0, 3), Fold(4, 7)]),
        (DOTNET, [Fold(1, 5)]),
        (RUBY, [Fold(0, 3)]),
        (PHP, [Fold(1, 4)]),
        (ELIXIR, [Fold(0, 3)]),
        (GO_RECOVERED, [Fold(0, 7)]),
        (LOGURU, [Fold(0, 8)]),
        (JULIA, [Fold(1, 6)]),
        (OCAML, [Fold(0, 3)]),
        (BOOST, [Fold(0, 3)]),
        (PYTEST, [Fold(0, 4)]),
        (COMPOSE, [Fold(0, 4), Fold(6, 10), Fold(10, 13)]),
        (TIMED, [Fold(1, 5), Fold(5, 8)]),
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


def test_the_trace_of_each_line() -> None:
    python = [trace_at(PYTHON, index) for index in range(7)]
    assert python == [None, *[Fold(1, 5)] * 5, None]
    java = [trace_at(JAVA, index, 0) for index in range(9)]
    assert java == [None, *[Fold(1, 5)] * 4, *[Fold(5, 8)] * 3, None]
