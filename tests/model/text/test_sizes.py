import pytest

from nodion_tui.model.text.sizes import parse_size, size_text


@pytest.mark.parametrize(
    ("text", "size"),
    [("2 GiB", 2 * 1024**3), ("500MB", 500_000_000), (" 1.5 kib ", 1536), ("1 TB", 10**12)],
)
def test_sizes_of_both_kinds_of_units_are_parsed(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "2", "GiB", "-1 GiB", "2 gigs", "1e9 MB", "٢ GiB"])
def test_what_is_no_size_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size such as 500 MB, 2 GiB"):
        parse_size(text)


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (1536, "1.5 KiB"), (2 * 1024**3, "2 GiB")]
)
def test_sizes_are_written_with_binary_units(size: int, text: str) -> None:
    assert size_text(size) == text
