from datetime import timedelta

import pytest

from nodion_tui.config.archive_limits import ArchiveLimits, parse_archive_limits


@pytest.mark.parametrize(
    ("text", "limits", "shown"),
    [
        ("2 GiB, 90d", ArchiveLimits(2 * 1024**3, timedelta(days=90)), "2 GiB, 90d"),
        ("500 MB,36h", ArchiveLimits(500_000_000, timedelta(hours=36)), "476.8 MiB, 36h"),
        ("1 MiB", ArchiveLimits(1024**2), "1 MiB"),
        ("1 MiB, 90s", ArchiveLimits(1024**2, timedelta(seconds=90)), "1 MiB, 90s"),
    ],
)
def test_a_size_and_an_age(text: str, limits: ArchiveLimits, shown: str) -> None:
    assert parse_archive_limits(text) == limits
    assert str(limits) == shown


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("90d", "'90d' is not a size"),
        ("2 GiB, soon", "'soon' is not a duration"),
        ("2 GiB, 90d, 1", "expected a size and an age"),
        ("10 kB", "must be at least 1 MiB"),
        ("2 GiB, 0d", "keeps nothing"),
    ],
)
def test_mistakes_are_told(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_archive_limits(text)
