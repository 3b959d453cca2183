"""Makes the links of README absolute for the page of a package, where a release says where to.

hatch-fancy-pypi-readme was weighed: its replacements are fixed texts, and the address is none.
"""

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

VARIABLE = "NODION_TUI_README_LINKS"
"""Variable of the environment: the address of a release's files, `{}` for `raw` or `blob`."""
_LINK = re.compile(r"(?P<picture>!?)(?P<text>\[[^]]*\])\((?!https?:|#)(?P<path>[^)\s]+)\)")


def absolute_links(text: str, address: str) -> str:
    """Return Markdown whose relative links lead to `address`, to pictures as they are (`raw`)."""
    if not re.fullmatch(r"https://[^{}]+/\{\}/[^{}]+", address):
        message = f"{VARIABLE}={address}: expected https://HOST/OWNER/PROJECT/{{}}/TAG"
        raise ValueError(message)

    def absolute(link: re.Match[str]) -> str:
        folder = address.format("raw" if link["picture"] else "blob").rstrip("/")
        return f"{link['picture']}{link['text']}({folder}/{link['path']})"

    return _LINK.sub(absolute, text)


class ReadmeHook(MetadataHookInterface):
    """Hatchling: gives the package its description."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Take README as it is, or with absolute links."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        if address := os.environ.get(VARIABLE):
            text = absolute_links(text, address)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
