"""A follower that waits less long for the late lines of a stopped run."""

from functools import partial

import pytest

from nodion_tui.api.follow import follower
from nodion_tui.api.follow.connection import FollowTiming


def shorten_stops(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.5) -> None:
    """Let followers of this process wait this long, for jobs that end at once."""
    monkeypatch.setattr(follower, "FollowTiming", partial(FollowTiming, stop_grace=seconds))
