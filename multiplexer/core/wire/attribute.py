"""An attribute (``|``) on its way: facts about the reply behind it, which are left out."""

from __future__ import annotations

from ...errors import ProtocolError

#: A line that is longer, in bytes, is no line of RESP's; what is kept of an attribute is one that is cut in two.
_LONGEST_LINE = 64 * 1024


class Attribute:
    """One attribute, however long: nothing of it is kept but the beginning of a line, so its end costs no second look.

    Attributes:
        size: How many of its bytes have come.
    """

    __slots__ = ("_begun", "_line", "_skip", "_wanted", "size")

    def __init__(self) -> None:
        self.size = 0
        self._begun = False
        self._line = b""
        self._skip = 0  # bytes of a value that are still to come
        self._wanted = 1  # elements that are

    def end_in(self, data: bytes, at: int) -> int:
        """Take its bytes.

        Args:
            data: What has arrived.
            at: Where it begins there, or goes on.

        Returns:
            Where it ends, or -1 where all that has arrived belongs to it.

        Raises:
            ProtocolError: It cannot be RESP.
        """
        begin = at
        while self._wanted or self._skip:
            if self._skip:
                step = min(self._skip, len(data) - at)
                self._skip -= step
                at += step
                if self._skip:
                    self.size += at - begin
                    return -1
                continue
            end = data.find(b"\n", at)
            self._line += data[at : end + 1 or None]
            if len(self._line) > _LONGEST_LINE:
                raise ProtocolError("an endless line in an attribute")
            if end < 0:
                self.size += len(data) - begin
                return -1
            at = end + 1
            if self._line.endswith(b"\r\n"):
                line, self._line = self._line[:-2], b""
                self._take(line)
        self.size += at - begin
        return at

    def _take(self, line: bytes) -> None:
        """Take an element's first line."""
        kind = line[:1]
        self._wanted -= 1
        if kind in (b"$", b"=", b"!"):
            size = _number(line)
            self._skip = size + 2 if size >= 0 else 0  # -1 is null, which has no body
        elif kind in (b"*", b"~", b">"):
            self._wanted += max(_number(line), 0)
        elif kind in (b"%", b"|"):
            self._wanted += 2 * max(_number(line), 0)
            if kind == b"|" and self._begun:
                self._wanted += 1  # the value this inner attribute belongs to is still to come
        self._begun = True


def _number(line: bytes) -> int:
    text = line[1:]
    if len(text) > 20 or (not text.isdigit() and text != b"-1"):
        raise ProtocolError(f"bad length in an attribute: {line[:32]!r}")
    return int(text)
