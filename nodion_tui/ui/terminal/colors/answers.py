"""Answers of a terminal about its colours, taken out of the keys that are typed meanwhile."""

import re

_ANSWER = re.compile(rb"\x1bP[01]?[$+]r[^\x1b]*\x1b\\|\x1b\[\?[\d;]*c")
_BEGUN = re.compile(rb"\x1b(?:P[^\x1b]*\x1b?|\[(?:\?[\d;]*)?)?\Z")
"""End of the input that may be the start of an answer."""
_ATTRIBUTES = re.compile(rb"\x1b\[\?[\d;]*c")
_TRUE_COLOR = re.compile(
    rb"\x1bP1\$r[^\x1b]*48[:;]2[:;](?:[01]?[:;])?1[:;]2[:;]3[^\x1b]*\x1b\\"  # of DECRQSS
    rb"|\x1bP1\+r(?:524742|5463)[^\x1b]*\x1b\\"  # of XTGETTCAP: RGB, Tc
)

COLOR_QUESTION = (
    "\x1b7"  # what a terminal prints of the following is erased at the end
    "\x1b[48;2;1;2;3m\x1bP$qm\x1b\\\x1b[m"  # DECRQSS: is a background of this colour kept?
    "\x1bP+q524742\x1b\\\x1bP+q5463\x1b\\"  # XTGETTCAP: RGB, Tc
    "\x1b[c"  # the device attributes, which every terminal reports, and reports last
    "\x1b8\x1b[K"
)
"""Asks whether the terminal has true colours."""


class AnswerFilter:
    """Separates answers, which may arrive in pieces, from keys.

    Args:
        expected: whether answers are expected; otherwise all input is passed on.
    """

    def __init__(self, *, expected: bool) -> None:
        self.is_complete = not expected
        """Whether the last answer has arrived; input is passed on unchanged from then on."""
        self._begun = b""
        self._answers = b""

    @property
    def has_true_colors(self) -> bool:
        """Whether an answer says that the terminal has true colours."""
        return _TRUE_COLOR.search(self._answers) is not None

    def feed(self, data: bytes) -> bytes:
        """The keys in some input; the start of an answer is kept until the next call."""
        if self.is_complete:
            return data
        data = self._begun + data
        self._answers += b"".join(_ANSWER.findall(data))
        self.is_complete = _ATTRIBUTES.search(self._answers) is not None
        keys = _ANSWER.sub(b"", data)
        begun = None if self.is_complete else _BEGUN.search(keys)
        self._begun = begun.group() if begun else b""
        return keys.removesuffix(self._begun)

    def release(self) -> bytes:
        """What was kept although it is no answer, as nothing has followed it: an escape key."""
        begun, self._begun = self._begun, b""
        return begun

    def stop(self) -> None:
        """Expect no more answers."""
        self.is_complete = True
