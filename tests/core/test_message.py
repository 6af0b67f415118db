"""What all messages have in common."""

from __future__ import annotations

import pytest

from multiplexer.core.message import ForgottenMessage, InternalMessage, Message, Unit


@pytest.mark.parametrize("kind", [Message, Unit, ForgottenMessage, InternalMessage])
def test_no_message_has_room_for_more_than_its_slots(kind: type) -> None:
    """There are hundreds of thousands of them a second: a dictionary each would show."""
    assert kind.__dictoffset__ == 0
