import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.notify_rule import NotificationProtocol
from nodion_tui.monitor.notify.desktop import (
    MAX_CHARACTERS,
    detect_protocol,
    lost_reason,
    multiplexer,
    notification_sequence,
    restore_title_sequence,
    title_sequence,
    window_title,
)


def test_what_is_sent() -> None:
    assert notification_sequence("Backup failed", "exit 1", NotificationProtocol.OSC9) == (
        "\x1b]9;Backup failed: exit 1\x07"
    )
    assert notification_sequence("Backup failed", "exit 1", NotificationProtocol.OSC777) == (
        "\x1b]777;notify;Backup failed;exit 1\x07"
    )
    sent = notification_sequence("Backup failed", "exit 1", NotificationProtocol.OSC99)
    identity = sent.partition("i=")[2].partition(":")[0]
    assert sent == (
        f"\x1b]99;i={identity}:d=0;Backup failed\x07\x1b]99;i={identity}:p=body;exit 1\x07"
    )
    another = notification_sequence("Backup failed", "exit 2", NotificationProtocol.OSC99)
    assert identity not in another  # it would replace the first one
    assert (
        notification_sequence("Backup failed", "", NotificationProtocol.OSC9)
        == "\x1b]9;Backup failed\x07"
    )
    assert notification_sequence("Backup failed", "exit 1", NotificationProtocol.NONE) == ""


@pytest.mark.parametrize(
    ("term", "protocol"),
    [
        ("xterm-256color", NotificationProtocol.OSC9),
        ("xterm-kitty", NotificationProtocol.OSC99),
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


def test_over_ssh_the_kind_of_terminal_tells_what_must_pass_it_on() -> None:
    assert multiplexer({"TERM": "tmux-256color"}) == "tmux"
    assert multiplexer({"TERM": "screen-256color", "TMUX": "/tmp/tmux"}) == "tmux"
    assert multiplexer({"TERM": "screen.xterm-256color", "STY": "1.a"}) == "screen"
    # What may be either gets the form that neither of them prints.
    assert multiplexer({"TERM": "screen-256color"}) == "screen"
    assert multiplexer({"TERM": "xterm-256color"}) == ""


def test_of_a_multiplexer_inside_of_another_the_inner_one_passes_it_on() -> None:
    both = {"STY": "1.a", "TMUX": "/tmp/tmux"}
    assert multiplexer(both | {"TERM": "tmux-256color"}) == "tmux"
    assert multiplexer(both | {"TERM": "screen.tmux-256color"}) == "screen"
    # tmux drops what was meant for screen.
    assert multiplexer(both | {"TERM": "screen-256color"}) == "screen"


def test_screen_gets_strings_that_it_does_not_cut() -> None:
    text = "a" * (2 * MAX_CHARACTERS)
    sent = notification_sequence(text, text, NotificationProtocol.OSC777, {"STY": "1"})
    pieces = [piece for piece in sent.split("\x1bP") if piece]
    assert len(pieces) > 1
    assert all(len(piece) < 768 and piece.endswith("\x1b\\") for piece in pieces)
    passed_on = "".join(piece.removesuffix("\x1b\\") for piece in pieces)
    assert passed_on == notification_sequence(text, text, NotificationProtocol.OSC777)


def through_screen(sent: str) -> str:
    """What GNU screen makes of a string: the lowest byte of each code point."""
    return "".join(chr(ord(character) & 0xFF) for character in sent)


@pytest.mark.parametrize("environ", [{"STY": "1.a"}, {"TERM": "screen-256color"}])
def test_no_letter_becomes_an_escape_sequence_inside_of_screen(environ: dict[str, str]) -> None:
    evil = "ě]52;c;ć"
    assert through_screen(evil) == "\x1b]52;c;\x07"
    sent = notification_sequence(evil, evil, NotificationProtocol.OSC9, environ)
    assert through_screen(sent) == sent == "\x1bP\x1b]9;e]52,c,c: e]52,c,c\x07\x1b\\"
    title = title_sequence(window_title(2, 1, "Überwachung 日"), environ | {"TERM": "screen"})
    assert through_screen(title) == title == "\x1b]0;2* 1x Uberwachung ?\x07"


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({"TERM": "xterm-256color"}, ""),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, "VS Code"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, "macOS"),
        ({"TERM": "xterm-256color", "XTERM_VERSION": "XTerm(379)"}, "xterm"),
        ({"TERM": "alacritty"}, "Alacritty"),
        ({"TERM": "linux"}, "TERM=linux"),
        ({"TERM": "xterm-256color", "ZELLIJ": "0"}, "Zellij"),
        ({"TERM": "screen-256color"}, "another machine"),
        ({"TERM": "tmux-256color", "TMUX": "x", "XTERM_VERSION": "of elsewhere"}, ""),
    ],
)
def test_what_would_be_lost_is_said(environ: dict[str, str], reason: str) -> None:
    told = lost_reason(environ)
    assert reason in told if reason else not told


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
    assert window_title(2, 1, bound="+") == "2+● 1+✗ nodion", (
        "lists that are not read may have more"
    )
    assert window_title(0, 0, bound="+") == "nodion"
    assert window_title(2, 1, plain=True) == "2* 1x nodion"
    assert "\x1b" not in window_title(1, 1, "evil\x1b]0;x")


def test_the_title_of_before_comes_back() -> None:
    assert restore_title_sequence({"TERM": "xterm"}) == "\x1b[23;2t"
    assert restore_title_sequence({"TERM": "linux"}) == ""
    # What may also be tmux, which saves titles, gets both, the saved one last.
    assert restore_title_sequence({"TERM": "screen"}) == "\x1b]0;\x07\x1b[23;2t"
