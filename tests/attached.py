"""What looks at an application that shows its state, under one name for the tests of both worlds."""

from multiplexer.attaching.status_server import MOST_VIEWERS, STUCK_AFTER, StatusServer
from multiplexer.attaching.viewing import View

__all__ = ["MOST_VIEWERS", "STUCK_AFTER", "StatusServer", "View"]
