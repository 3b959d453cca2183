import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.log.line.pen import DEFAULT_PEN, Pen, apply_sgr, sgr_parameters
from nodion_tui.ui.log.render.pen_style import pen_style


@pytest.mark.parametrize(
    ("parameters", "pen"),
    [
        ("", DEFAULT_PEN),
        ("0", DEFAULT_PEN),
        ("1", Pen(bold=True)),
        ("2;3", Pen(dim=True, italic=True)),
        ("4", Pen(underline=True)),
        ("7", Pen(reverse=True)),
        ("31", Pen(color=1)),
        ("97", Pen(color=15)),
        ("44", Pen(background=4)),
        ("103", Pen(background=11)),
        ("38;5;200", Pen(color=200)),
        ("48;2;1;2;3", Pen(background=(1, 2, 3))),
        ("38:5:9", Pen(color=9)),
        ("38:2:1:2:3", Pen(color=(1, 2, 3))),
        ("38:2::1:2:3", Pen(color=(1, 2, 3))),
        ("4:3", Pen(underline=True)),
        ("1;31;0", DEFAULT_PEN),
        ("5;9", Pen(strike=True)),
        ("53", Pen(overline=True)),
        ("10;11;20;28", DEFAULT_PEN),
        (";31", Pen(color=1)),
        ("01;031", Pen(bold=True, color=1)),
        ("58;5;196;4", Pen(underline=True)),
        ("58:2::1:2:3;4:3", Pen(underline=True)),
        ("58;5;1", DEFAULT_PEN),
    ],
)
def test_a_known_sequence_sets_the_pen(parameters: str, pen: Pen) -> None:
    assert apply_sgr(parameters, DEFAULT_PEN) == pen


@pytest.mark.parametrize(
    ("off", "left"),
    [
        ("22", {"bold", "dim"}),
        ("23", {"italic"}),
        ("24", {"underline"}),
        ("27", {"reverse"}),
        ("39", {"color"}),
        ("49", {"background"}),
        ("29", {"strike"}),
        ("55", {"overline"}),
        ("4:0", {"underline"}),
    ],
)
def test_each_attribute_is_taken_off_by_its_own_code(off: str, left: set[str]) -> None:
    everything = Pen(1, 2, *[True] * 7)
    pen = apply_sgr(off, everything)
    assert pen is not None
    changed = {
        name
        for name, was, now in zip(Pen._fields, everything, pen, strict=True)
        if was is not None and was != now
    }
    assert changed == left


@pytest.mark.parametrize(
    "parameters",
    ["8", "99", "38", "38;5", "38;5;256", "38;3;1", "38;2;1;2", "1:2", ":", "38:9:1", ";" * 40],
)
def test_what_is_not_known_whole_is_not_obeyed(parameters: str) -> None:
    assert apply_sgr(parameters, Pen(color=3)) is None


@given(st.text(alphabet="0123456789;:", max_size=40))
def test_any_parameters_give_a_pen_or_none(parameters: str) -> None:
    pen = apply_sgr(parameters, DEFAULT_PEN)
    if pen is not None:
        pen_style(pen)
        assert apply_sgr(sgr_parameters(pen), DEFAULT_PEN) == pen


def test_the_style_says_only_what_is_set() -> None:
    assert not pen_style(DEFAULT_PEN)
    style = pen_style(Pen(color=1, bold=True))
    assert style.bold
    assert style.dim is None
    assert style.color is not None
    assert style.color.number == 1
