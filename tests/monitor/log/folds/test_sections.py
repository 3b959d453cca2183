import pytest

from nodion_tui.monitor.log.folds.fold import Fold
from nodion_tui.monitor.log.folds.sections import find_section, heads_section

GITHUB = ["a", "::group::Run", "b", "c", "::endgroup::", "d", "##[group]Next", "e", "##[endgroup]"]
TIMED = [f"2026-11-28T12:00:00.1234567Z {line}" for line in GITHUB]
UNENDED = ["##[group]One", "a", "##[group]Two", "b", "c"]
GITLAB = [
    "\x1b[0Ksection_start:1560896352:build[collapsed=true]\r\x1b[0KBuild",
    "a",
    "section_start:1560896353:inner\r\x1b[0KInner",
    "b",
    "section_end:1560896354:inner\r\x1b[0K",
    "c",
    "section_end:1560896355:build\r\x1b[0Ksection_start:1560896355:test\r\x1b[0KTest",
    "d",
    "section_end:1560896356:test\r\x1b[0K",
]
TRAVIS = ["travis_fold:start:install\r", "a", "travis_fold:end:install\r"]
AZURE = ["##[section]Starting: Build", "a", "b", "##[section]Finishing: Build"]
TEAMCITY = ["##teamcity[blockOpened name='x y']", "a", "##teamcity[blockClosed name='x y']"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (GITHUB, [None, *[Fold(1, 5)] * 4, None, *[Fold(6, 9)] * 3]),
        (TIMED, [None, *[Fold(1, 5)] * 4, None, *[Fold(6, 9)] * 3]),
        (UNENDED, [*[Fold(0, 2)] * 2, *[Fold(2, 5)] * 3]),
        (
            GITLAB,
            [*[Fold(0, 6)] * 2, *[Fold(2, 5)] * 3, Fold(0, 6), *[Fold(6, 9)] * 3],
        ),
        (TRAVIS, [Fold(0, 3)] * 3),
        (AZURE, [Fold(0, 4)] * 4),
        (TEAMCITY, [Fold(0, 3)] * 3),
        (["x", "the section_start: of a group"], [None, None]),
        (["::endgroup::", "x"], [None, None]),
    ],
)
def test_the_section_of_each_line(lines: list[str], expected: list[Fold | None]) -> None:
    bounds = range(len(lines))
    assert [find_section(lines.__getitem__, index, bounds) for index in bounds] == expected


def test_heads() -> None:
    assert [heads_section(line) for line in GITLAB] == [n in (0, 2, 6) for n in range(len(GITLAB))]
