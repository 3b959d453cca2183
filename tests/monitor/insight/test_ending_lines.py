"""Which of the last lines of a failed job tell its cause, with the output of real toolchains."""

import pytest

from nodion_tui.monitor.insight.ending_lines import telling_lines

MAVEN = """[INFO] --- surefire:3.2.5:test (default-test) @ app ---
[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.05 s <<< FAILURE!
[ERROR]   AppTest.adds:12 expected: <4> but was: <3>
[INFO] BUILD FAILURE
[INFO] Total time:  2.345 s
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test
[ERROR]
[ERROR] -> [Help 1]
[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
[ERROR] Re-run Maven using the -X switch to enable full debug logging.
[ERROR]
[ERROR] For more information about the errors and possible solutions, please read:
[ERROR] [Help 1] http://cwiki.apache.org/confluence/display/MAVEN/MojoFailureException"""
PNPM = """> web@1.0.0 build /app
> vite build

error during build:
Could not resolve entry module "index.html".
 ELIFECYCLE  Command failed with exit code 1."""
JEST = """FAIL src/sum.test.js
  \u25cf sum \u203a adds 1 + 2 to equal 3

    expect(received).toBe(expected) // Object.is equality

    Expected: 3
    Received: 4

Test Suites: 1 failed, 1 total
Tests:       1 failed, 1 passed, 2 total
Snapshots:   0 total
Time:        0.412 s"""
VITEST = """ \u276f src/sum.test.ts (2 tests | 1 failed) 5ms
   \u00d7 adds 1 + 2 3ms
\u23af\u23af\u23af\u23af Failed Tests 1 \u23af\u23af\u23af\u23af
 FAIL  src/sum.test.ts > adds 1 + 2
AssertionError: expected 4 to be 3 // Object.is equality
 Test Files  1 failed (1)
      Tests  1 failed | 1 passed (2)"""
ZIG = """install
\u2514\u2500 install app
   \u2514\u2500 zig build-exe app Debug native 1 errors
src/main.zig:4:5: error: expected type 'u8', found '[]const u8'
error: the following command failed with 1 compilation errors:
Build Summary: 0/3 steps succeeded; 1 failed
error: the following build command failed with exit code 1:"""
R = """Loading required package: stats
Error in library(ggplot2) : there is no package called 'ggplot2'
Calls: main -> suppressMessages -> withCallingHandlers -> library
Execution halted"""


@pytest.mark.parametrize(
    ("log", "cause"),
    [
        (MAVEN, "AppTest.adds:12 expected: <4> but was: <3>"),
        (PNPM, "error during build:"),
        (JEST, "sum \u203a adds 1 + 2 to equal 3"),
        (VITEST, "AssertionError: expected 4 to be 3"),
        (ZIG, "src/main.zig:4:5: error: expected type"),
        (R, "Error in library(ggplot2)"),
    ],
    ids=["maven", "pnpm", "jest", "vitest", "zig", "r"],
)
def test_what_a_toolchain_prints_after_every_failure_is_no_cause(log: str, cause: str) -> None:
    telling = telling_lines(log.splitlines())
    assert any(cause in line for line in telling), telling
    words = (
        "Help 1",
        "ELIFECYCLE",
        "Test Files",
        "Test Suites",
        "Execution halted",
        "Build Summary",
    )
    assert not any(word in line for line in telling for word in words), telling


def test_a_summary_tells_the_cause_where_there_is_nothing_else() -> None:
    assert telling_lines(["compiling", "Execution halted", "bye"]) == ["Execution halted"]
