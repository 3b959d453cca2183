"""Prints a test run in colour: SGR sequences as test runners print them."""
# ruff: noqa: T201 - printing is what a job is for

import time

SUITES = ("accounts", "billing", "exports", "imports", "mailer", "webhooks")
GREEN, YELLOW, BOLD, DIM, OFF = (f"\x1b[{code}m" for code in (32, 33, 1, 2, 0))


def main() -> None:
    """Pretend to run test suites."""
    print(f"{BOLD}Running {len(SUITES)} suites{OFF}", flush=True)
    for suite in SUITES:
        for case in range(1, 6):
            time.sleep(0.08)
            print(outcome(suite, case), flush=True)
    print(f"  {BOLD}palette{OFF} ", end="")
    print("".join(f"\x1b[48;5;{colour}m " for colour in range(16, 52)) + OFF, flush=True)
    print(
        "  \x1b[38;2;255;140;0mtrue colour\x1b[0m, \x1b[4munderline\x1b[0m, \x1b[7mreverse\x1b[0m"
    )
    print(f"{GREEN}{BOLD}29 passed{OFF}, {YELLOW}1 skipped{OFF}", flush=True)


def outcome(suite: str, case: int) -> str:
    """Format the result line of one test case."""
    if (suite, case) == ("imports", 4):
        return f"  {YELLOW}-{OFF} {suite} case {case} {DIM}skipped: no fixture{OFF}"
    return f"  {GREEN}✓{OFF} {suite} case {case} {DIM}{case * 13} ms{OFF}"


if __name__ == "__main__":
    main()
