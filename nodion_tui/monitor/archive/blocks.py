"""Blocks of an archived log: about a megabyte of its lines each, compressed, with their times.

A block can be read alone, so that opening a log reads the visible ones. Text and times are
compressed apart, as a search needs the text only. Which lines are not shown as they were sent is
stored, too: looking for them again would take longer than reading the block.
"""

import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import zstandard

from nodion_tui.monitor.archive.loaded_blocks import LoadedBlocks
from nodion_tui.monitor.archive.packed_times import times_from_bytes, times_to_bytes
from nodion_tui.monitor.log.segment import OVERHEAD, LogSegment
from nodion_tui.monitor.log.segment_text import searchable_lines, special_lines
from nodion_tui.monitor.log.timestamps import PackedTimes

BLOCK_BYTES = 1024**2
"""Text of a block; the last lines may exceed it."""
_LEVEL = 5
"""Blocks of this level take no more than one whole file of level 3."""


class DamagedBlock(ValueError):
    """A block is not what was written."""


class Block(NamedTuple):
    """A compressed part of a log, as it is stored."""

    first: int
    """Index of its first line in the log."""
    lines: int
    text_bytes: int
    after_id: str | None
    """Id of the line before it, if known: what a request for its lines begins after."""
    plain: bool
    """Whether all lines are shown as they were sent."""
    special: bytes
    """Positions of the lines that are not shown as they were sent."""
    lengths: bytes
    """Length of each line; empty unless a line contains newlines of its own."""
    times: bytes
    text: bytes
    checksum: int = 0
    """CRC-32 of all others."""

    def sealed(self) -> "Block":
        """The block with its checksum."""
        return self._replace(checksum=self._crc())

    @property
    def is_whole(self) -> bool:
        """Whether it is what was written."""
        return self.checksum == self._crc()

    @property
    def stored_bytes(self) -> int:
        """What it takes on disk."""
        return sum(map(len, (self.special, self.lengths, self.times, self.text)))

    def _crc(self) -> int:
        numbers = (self.first, self.lines, self.text_bytes, self.after_id, bool(self.plain))
        crc = zlib.crc32(repr(numbers).encode("utf-8", "replace"))
        for part in (self.special, self.lengths, self.times, self.text):
            crc = zlib.crc32(part, crc)
        return crc


def pack_blocks(segments: Iterable[LogSegment]) -> Iterator[Block]:
    """The lines of a log, without markers, as blocks."""
    compress = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress
    first = 0
    for group in _groups(segments):
        lines = _join([_without_markers(segment) for segment in group], first, group[0].after_id)
        if not len(lines):
            continue
        special = special_lines(lines)
        has_newlines = isinstance(special, range)
        lengths = array("I", _lengths(lines.ends)) if has_newlines else array("I")
        positions = array("I") if has_newlines else array("I", special)
        yield Block(
            first,
            len(lines),
            len(lines.data),
            lines.after_id,
            not special and searchable_lines(lines).text is lines.data,
            compress(positions.tobytes()) if positions else b"",
            compress(lengths.tobytes()) if lengths else b"",
            compress(times_to_bytes(lines.times.micros())),
            compress(lines.data),
        ).sealed()
        first += len(lines)


class StoredSegment(LogSegment):
    """The lines of a block, which are decompressed when they are needed.

    Args:
        block: what is stored.
        loaded: limits how many are decompressed at a time; None: they stay.
    """

    __slots__ = ("_block", "_loaded", "_text", "_text_ends", "_unpacked_times")

    def __init__(self, block: Block, loaded: LoadedBlocks | None = None) -> None:
        super().__init__(block.first, b"", array("I"), PackedTimes(()), (), block.after_id)
        self._block = block
        self._loaded = loaded
        self._text: bytes | None = None
        self._text_ends: array[int] | None = None
        self._unpacked_times: PackedTimes | None = None
        if block.lengths:
            self.special = range(block.lines)
        else:
            special = _decompress(block.special) if block.special else b""
            self.special = array("I", special)
        self.plain = bool(block.plain)

    def __len__(self) -> int:
        return self._block.lines

    @property
    def data(self) -> bytes:
        """The text, decompressed."""
        text = self._text
        if text is None:
            text = self._text = _decompress(self._block.text)
            if self._loaded is not None:
                self._loaded.add(self, len(text))
        return text

    @property
    def ends(self) -> "array[int]":
        """As `LogSegment.ends`, computed once."""
        ends = self._text_ends
        if ends is None:
            ends = self._text_ends = self._compute_ends()
        return ends

    @property
    def known_ends(self) -> "array[int] | None":
        """The ends, if they were needed before."""
        return self._text_ends

    @property
    def times(self) -> PackedTimes:
        """The times, decompressed."""
        times = self._unpacked_times
        if times is None:
            times = self._unpacked_times = times_from_bytes(_decompress(self._block.times))
        return times

    @property
    def nbytes(self) -> int:
        """Memory used while nothing is decompressed, in bytes."""
        return self._block.stored_bytes + OVERHEAD

    def unload(self) -> None:
        """Forget what was decompressed."""
        self._text = self._text_ends = self._unpacked_times = None

    def _compute_ends(self) -> "array[int]":
        if self._block.lengths:
            return array("I", accumulate(array("I", _decompress(self._block.lengths))))
        sizes = list(map(len, self.data.split(b"\n")))[:-1]
        return array("I", [size + number for number, size in enumerate(accumulate(sizes), 1)])


def check_block(block: Block) -> None:
    """Decompress all of a block.

    Raises:
        DamagedBlock: it is not what was written.
    """
    if not block.is_whole:
        raise DamagedBlock("its checksum differs")
    segment = StoredSegment(block)
    try:
        counts = (len(segment.ends), len(segment.times.micros()))
    except (zstandard.ZstdError, ValueError) as error:
        raise DamagedBlock(str(error)) from None
    if counts != (block.lines, block.lines) or len(segment.data) != block.text_bytes:
        raise DamagedBlock("it has another number of lines")


def _decompress(packed: bytes) -> bytes:
    # A decompressor must not be shared by threads, and making one costs nothing.
    return zstandard.ZstdDecompressor().decompress(packed)


def _groups(segments: Iterable[LogSegment]) -> Iterator[list[LogSegment]]:
    """Segments that become one block each."""
    group: list[LogSegment] = []
    size = 0
    for segment in segments:
        if group and size + len(segment.data) > BLOCK_BYTES:
            yield group
            group, size = [], 0
        group.append(segment)
        size += len(segment.data)
    if group:
        yield group


def _join(parts: Sequence[LogSegment], first: int, after_id: str | None) -> LogSegment:
    if len(parts) == 1:
        part = parts[0]
        return LogSegment(first, part.data, part.ends, part.times, (), after_id)
    ends, micros, offset = array("I"), list[int](), 0
    for part in parts:
        ends.extend(array("I", [end + offset for end in part.ends]))
        micros += part.times.micros()
        offset += len(part.data)
    data = b"".join([part.data for part in parts])
    return LogSegment(first, data, ends, PackedTimes(micros), (), after_id)


def _without_markers(segment: LogSegment) -> LogSegment:
    if not segment.markers:
        return segment
    markers = set(segment.markers)
    kept = [position for position in range(len(segment)) if position not in markers]
    bodies = [segment.body(position) for position in kept]
    micros = segment.times.micros()
    return LogSegment(
        segment.first,
        b"".join([body + b"\n" for body in bodies]),
        array("I", accumulate(len(body) + 1 for body in bodies)),
        PackedTimes([micros[position] for position in kept]),
        (),
        segment.after_id,
    )


def _lengths(ends: "array[int]") -> list[int]:
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]
