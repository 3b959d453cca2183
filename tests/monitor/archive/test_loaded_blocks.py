from nodion_tui.monitor.archive.blocks import StoredSegment, pack_blocks
from nodion_tui.monitor.archive.loaded_blocks import LoadedBlocks
from tests.support.loglines import buffer_of


def test_decompressed_blocks_stay_within_their_limit() -> None:
    lines = [f"line {number} {'x' * 200}" for number in range(20_000)]
    loaded = LoadedBlocks(max_bytes=2_200_000)
    blocks = list(pack_blocks(buffer_of(lines).snapshot()))
    segments = [StoredSegment(block, loaded) for block in blocks]
    assert len(segments) >= 4
    for _ in range(2):  # the oldest are decompressed again
        texts = [segment.body(0).decode() for segment in segments]
        assert texts == [lines[segment.first] for segment in segments]
        assert 0 < loaded.bytes_held <= 2_200_000
    assert [segment.known_ends is not None for segment in segments].count(True) <= 2
