import pytest

from nodion_tui.model.runner import Runner


@pytest.mark.parametrize(
    ("name", "tag", "image"),
    [("acme/etl", "2", "acme/etl:2"), ("acme/etl", "", "acme/etl"), ("", "latest", "")],
)
def test_a_tag_without_a_name_is_no_image(name: str, tag: str, image: str) -> None:
    assert Runner(id="r", image_name=name, image_tag=tag).image == image
