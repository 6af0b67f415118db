"""Publishes a thousand messages for each byte of its input, with as little work as can be.

Usage: ``python -m bench.publisher HOST PORT``
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable

from .loops import CHANNEL, VALUES

GO = b"."


def publish(host: str, port: int, permitted: Callable[[], object]) -> None:
    """Publish the values in their order, and wait until all are out, as often as permitted.

    Args:
        host: The server's.
        port: The server's.
        permitted: Waits for the permission; returns something false to end.
    """
    channel = CHANNEL.encode()
    head = b"*3\r\n$7\r\nPUBLISH\r\n$%d\r\n%b\r\n" % (len(channel), channel)
    thousand = b"".join(head + b"$%d\r\n%b\r\n" % (len(value), value) for value in VALUES)
    with socket.create_connection((host, port)) as link:
        while permitted():
            link.sendall(thousand)
            replies = 0
            while replies < len(VALUES):
                data = link.recv(65536)
                if not data:
                    raise ConnectionError("the server closed the publisher's connection")
                replies += data.count(b"\n")


if __name__ == "__main__":
    publish(sys.argv[1], int(sys.argv[2]), lambda: os.read(0, 1))
