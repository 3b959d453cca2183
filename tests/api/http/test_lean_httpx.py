"""httpx without its command line, in fresh interpreters."""

import subprocess
import sys

import pytest

LEAN = "import nodion_tui.api.client"
NOT_LOADED = "assert sys.modules.keys().isdisjoint({'click', 'pygments', 'rich', 'httpx._main'})"


def succeeds(*lines: str) -> bool:
    program = "\n".join(("import sys, threading", *lines))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    return (done.returncode, done.stderr) == (0, b"")


def test_the_client_loads_no_command_line() -> None:
    assert succeeds(LEAN, NOT_LOADED)


def test_importing_httpx_later_loads_no_command_line_either() -> None:
    assert succeeds(LEAN, "import httpx", NOT_LOADED, "assert callable(httpx.main)")


def test_the_command_line_of_httpx_can_still_be_imported() -> None:
    assert succeeds(LEAN, "import httpx._main", "assert httpx._main.main.name")


def test_httpx_that_is_loaded_already_stays_as_it_is() -> None:
    assert succeeds(
        "import httpx, httpx._main", LEAN, "assert httpx.main is sys.modules['httpx._main'].main"
    )


@pytest.mark.parametrize("first", ["httpx", "nodion_tui.api.client"])
def test_threads_that_import_at_once_get_one_whole_httpx(first: str) -> None:
    assert succeeds(
        "import importlib",
        f"names = ['{first}', 'nodion_tui.api.client', 'httpx', 'httpx_sse'] * 4",
        "threads = [threading.Thread(target=importlib.import_module, args=[n]) for n in names]",
        "for thread in threads: thread.start()",
        "for thread in threads: thread.join()",
        "import httpx, httpx._main, nodion_tui.api.client as client",
        "assert client.httpx is httpx and httpx.AsyncClient and callable(httpx.main)",
    )
