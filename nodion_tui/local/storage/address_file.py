"""The file in a data folder that has the address of its engine."""

import msgspec

ADDRESS_FILE = ".nodion-tui-address"
MAX_BYTES = 4096


class Address(msgspec.Struct, frozen=True):
    """Where an engine listens."""

    url: str
    """Base address, `http://127.0.0.1:N/v1`."""
    is_served: bool = False
    """Whether it was started by itself, and stays whoever is attached."""


def encode_address(address: Address) -> bytes:
    """The contents of a new file."""
    return msgspec.json.encode(address) + b"\n"


def parse_address(contents: bytes) -> Address | None:
    """The address in the first line of a file; None if it is none of ours."""
    try:
        return msgspec.json.decode(contents.partition(b"\n")[0], type=Address)
    except msgspec.MsgspecError:
        return None
