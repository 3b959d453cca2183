import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.notify.desktop import Protocol, notification, protocol_of, title_text


def test_what_is_sent() -> None:
    assert notification("Backup failed", "exit 1", Protocol.OSC9) == (
        "\x1b]9;Backup failed: exit 1\x07"
    )
    assert notification("Backup failed", "exit 1", Protocol.OSC777) == (
        "\x1b]777;notify;Backup failed;exit 1\x07"
    )
    assert notification("Backup failed", "", Protocol.OSC9) == "\x1b]9;Backup failed\x07"
    assert notification("Backup failed", "exit 1", Protocol.NONE) == ""


@pytest.mark.parametrize(
    ("term", "protocol"),
    [
        ("xterm-256color", Protocol.OSC9),
        ("xterm-kitty", Protocol.OSC9),
        ("foot-extra", Protocol.OSC777),
        ("rxvt-unicode-256color", Protocol.OSC777),
        ("linux", Protocol.NONE),
        ("vt100", Protocol.NONE),
        ("dumb", Protocol.NONE),
        ("", Protocol.NONE),
    ],
)
def test_what_a_terminal_understands(term: str, protocol: Protocol) -> None:
    assert protocol_of({"TERM": term}) is protocol
    assert protocol_of({}) is Protocol.NONE


def test_tmux_and_screen_pass_it_on() -> None:
    assert notification("a", "", Protocol.OSC9, {"TMUX": "/tmp/tmux"}) == (
        "\x1bPtmux;\x1b\x1b]9;a\x07\x1b\\"
    )
    assert notification("a", "", Protocol.OSC9, {"STY": "1"}) == "\x1bP\x1b]9;a\x07\x1b\\"


def test_a_name_cannot_become_a_progress_bar_or_another_field() -> None:
    assert notification("4;1;50", "", Protocol.OSC9) == "\x1b]9;4,1,50\x07"
    assert notification("a;b", "c;d", Protocol.OSC777).count(";") == 3


_ANY = st.text(st.characters() | st.sampled_from("\x1b\x07\x9c\x9d;\u202e\\"))


@given(_ANY, _ANY, st.sampled_from([Protocol.OSC9, Protocol.OSC777]))
def test_no_text_can_end_the_sequence_or_begin_another(
    title: str, body: str, protocol: Protocol
) -> None:
    sent = notification(title, body, protocol)
    inside = sent[1:-1]
    assert sent[0] == "\x1b"
    assert sent[-1] == "\x07"
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in inside)
    assert len(sent) < 450


def test_the_title_of_the_window() -> None:
    assert title_text(2, 1) == "2● 1✗ nodion"
    assert title_text(0, 1, "prod") == "1✗ prod"
    assert title_text(0, 0) == "nodion"
    assert title_text(2, 1, plain=True) == "2* 1x nodion"
    assert "\x1b" not in title_text(1, 1, "evil\x1b]0;x")
