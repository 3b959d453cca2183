from pathlib import Path

from msgspec.structs import replace

from nodion_tui.config import Profile
from nodion_tui.config.archive_limits import ArchiveLimits
from nodion_tui.monitor.archive.archive_file import archive_path
from tests.ui.conftest import Open


async def test_an_archive_that_cannot_be_used_is_told_and_the_dashboard_goes_on(
    profile: Profile, open_board: Open, tmp_path: Path
) -> None:
    archive_path(tmp_path).write_text("mine")
    archiving = replace(profile, archive=ArchiveLimits(2**26))
    async with open_board(archiving, data_folder=tmp_path) as board:
        await board.sees("The dashboard goes on.", "No runs so far")
    assert archive_path(tmp_path).read_text() == "mine"
