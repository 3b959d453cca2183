import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.notify.desktop import (
    NotificationProtocol,
    detect_protocol,
    notification_sequence,
    window_title,
)


def test_what_is_sent() -> None:
    assert notification_sequence("Backup failed", "exit 1", NotificationProtocol.OSC9) == (
        "\x1b]9;Backup failed: exit 1\x07"
    )
    assert notification_sequence("Backup failed", "exit 1", NotificationProtocol.OSC777) == (
        "\x1b]777;notify;Backup failed;exit 1\x07"
    )
    assert notification_sequence("Backup failed", "exit 1", NotificationProtocol.OSC99) == (
        "\x1b]99;i=nodion:d=0;Backup failed\x07\x1b]99;i=nodion:p=body;exit 1\x07"
    )
    assert (
        notification_sequence("Backup failed", "", NotificationProtocol.OSC9)
        == "\x1b]9;Backup failed\x07"
    )
    assert notification_sequence("Backup failed", "exit 1", NotificationProtocol.NONE) == ""


@pytest.mark.parametrize(
    ("term", "protocol"),
    [
        ("xterm-256color", NotificationProtocol.OSC9),
        ("xterm-kitty", NotificationProtocol.OSC9),
        ("foot-extra", NotificationProtocol.OSC777),
        ("rxvt-unicode-256color", NotificationProtocol.OSC777),
        ("linux", NotificationProtocol.NONE),
        ("vt100", NotificationProtocol.NONE),
        ("dumb", NotificationProtocol.NONE),
        ("", NotificationProtocol.NONE),
    ],
)
def test_protocols_of_terminals(term: str, protocol: NotificationProtocol) -> None:
    assert detect_protocol({"TERM": term}) is protocol
    assert detect_protocol({}) is NotificationProtocol.NONE


def test_tmux_and_screen_pass_it_on() -> None:
    assert notification_sequence("a", "", NotificationProtocol.OSC9, {"TMUX": "/tmp/tmux"}) == (
        "\x1bPtmux;\x1b\x1b]9;a\x07\x1b\\"
    )
    assert (
        notification_sequence("a", "", NotificationProtocol.OSC9, {"STY": "1"})
        == "\x1bP\x1b]9;a\x07\x1b\\"
    )


def test_a_name_cannot_become_a_progress_bar_or_another_field() -> None:
    assert notification_sequence("4;1;50", "", NotificationProtocol.OSC9) == "\x1b]9;4,1,50\x07"
    assert notification_sequence("a;b", "c;d", NotificationProtocol.OSC777).count(";") == 3


_ANY = st.text(st.characters() | st.sampled_from("\x1b\x07\x9c\x9d;\u202e\\"))


@given(_ANY, _ANY, st.sampled_from([NotificationProtocol.OSC9, NotificationProtocol.OSC777]))
def test_no_text_can_end_the_sequence_or_begin_another(
    title: str, body: str, protocol: NotificationProtocol
) -> None:
    sent = notification_sequence(title, body, protocol)
    inside = sent[1:-1]
    assert sent[0] == "\x1b"
    assert sent[-1] == "\x07"
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in inside)
    assert len(sent) < 450


def test_the_title_of_the_window() -> None:
    assert window_title(2, 1) == "2● 1✗ nodion"
    assert window_title(0, 1, "prod") == "1✗ prod"
    assert window_title(0, 0) == "nodion"
    assert window_title(2, 1, plain=True) == "2* 1x nodion"
    assert "\x1b" not in window_title(1, 1, "evil\x1b]0;x")
