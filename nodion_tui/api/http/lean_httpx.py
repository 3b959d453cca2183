"""httpx without its command line; every module of this package takes httpx from here.

Where click, Rich and Pygments are installed, `import httpx` loads them all for `httpx.main`, which
nothing here calls: an eighth of the time of a short command, and 4 MB. httpx does without them
where its command line cannot be imported, and that is what it finds here. Once it is loaded,
`httpx._main` can be imported as usual.
"""

import sys

_COMMAND_LINE = "httpx._main"

if "httpx" not in sys.modules and _COMMAND_LINE not in sys.modules:
    # The documented way to let an import fail; the lock of this module keeps other threads out.
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]
try:
    import httpx
finally:
    if sys.modules.get(_COMMAND_LINE, sys) is None:
        del sys.modules[_COMMAND_LINE]

__all__ = ["httpx"]
