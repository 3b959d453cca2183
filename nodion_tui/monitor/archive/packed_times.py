"""Times of a block's lines as bytes: differences, which compress to a fraction of the times.

The API sends milliseconds, and most lines follow within seconds: a difference has one to four
bytes, and few different values.
"""

import struct
from array import array
from itertools import accumulate, pairwise

from nodion_tui.monitor.log.timestamps import NO_TIME, PackedTimes

_HEAD = struct.Struct("<ccq")
"""Kind, type of the differences, and the first time."""
_SPARSE, _MICRO, _MILLI = b"s", b"u", b"m"
_LIMITS = (("b", 2**7), ("h", 2**15), ("i", 2**31))


def times_to_bytes(micros: list[int]) -> bytes:
    """Times in microseconds since 1970 UTC as bytes that compress well."""
    if NO_TIME in micros:
        return _HEAD.pack(_SPARSE, b"q", 0) + array("q", micros).tobytes()
    kind, unit = (_MICRO, 1) if any(micro % 1000 for micro in micros) else (_MILLI, 1000)
    times = [micro // unit for micro in micros]
    steps = [later - earlier for earlier, later in pairwise(times)]
    widest = max(map(abs, steps), default=0)
    code = next((code for code, limit in _LIMITS if widest < limit), "q")
    first = times[0] if times else 0
    return _HEAD.pack(kind, code.encode(), first) + array(code, steps).tobytes()


def times_from_bytes(packed: bytes) -> PackedTimes:
    """The times that `times_to_bytes` packed.

    Raises:
        ValueError: it did not.
    """
    try:
        kind, code, first = _HEAD.unpack_from(packed)
        steps = array(code.decode("ascii"), packed[_HEAD.size :])
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None
    if kind == _SPARSE:
        return PackedTimes(steps)
    unit = 1000 if kind == _MILLI else 1
    return PackedTimes([time * unit for time in accumulate(steps, initial=first)])
