"""What tells a server which library a connection is made with, and which libraries stand above it."""

from __future__ import annotations

import re

from ..configuration.hidden import shown
from ..errors import ConfigurationError
from ..pools.options import LIBRARY

_WORD = re.compile(r"[!-'*-:<-z|~]+")
_PACKAGE = re.compile(r"[a-z][a-z0-9_-]*")


class DriverInfo:
    """Name and version of the library, for CLIENT SETINFO; pass it as ``driver_info=``.

    Args:
        name: The library's name; None for none.
        lib_version: Its version.
    """

    def __init__(self, name: str | None = LIBRARY[0], lib_version: str | None = LIBRARY[1]) -> None:
        self.name = name
        self.lib_version = lib_version
        self._upstream: list[str] = []

    @shown
    def __repr__(self) -> str:
        return f"DriverInfo({self.formatted_name!r}, {self.lib_version!r})"

    def add_upstream_driver(self, driver_name: str, driver_version: str) -> DriverInfo:
        """Add a library that stands above this one; the one added last is named first.

        Raises:
            ConfigurationError: Name or version is not one that servers take.
        """
        if not _PACKAGE.fullmatch(driver_name):
            raise ConfigurationError("driver_name: expected a package's name, such as 'django-redis'")
        if not _WORD.fullmatch(driver_version):
            raise ConfigurationError("driver_version: expected printable ASCII without spaces and brackets")
        self._upstream.insert(0, f"{driver_name}_v{driver_version}")
        return self

    @property
    def upstream_drivers(self) -> list[str]:
        """The libraries above, as they are named to the server."""
        return list(self._upstream)

    @property
    def formatted_name(self) -> str | None:
        """The name as it is told to the server, with the libraries above in brackets."""
        if self.name is None or not self._upstream:
            return self.name
        return f"{self.name}({';'.join(self._upstream)})"
