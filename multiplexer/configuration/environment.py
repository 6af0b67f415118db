"""The configuration that the process was given in its environment."""

from __future__ import annotations

import os

from ..errors import ConfigurationError
from .hidden import hidden
from .options import ConfigurationOptions

#: Variables that are looked at, in this order; one that is empty counts as not set.
VARIABLES = ("MULTIPLEXER_CONFIGURATION", "REDIS_URL", "VALKEY_URL")


def read() -> ConfigurationOptions:
    """Return the options that the first variable stands for that is set, a connection string or a URL.

    Raises:
        ConfigurationError: None is set, or what it holds is not understood; the message names the variable and never
            repeats its value.
    """
    name = next((name for name in VARIABLES if os.environ.get(name)), None)
    if name is None:
        raise ConfigurationError(f"the environment names no server: set one of {', '.join(VARIABLES)}")
    try:
        return ConfigurationOptions.parse(hidden(os.environ[name]))
    except ConfigurationError as error:
        refused = ConfigurationError(f"{name}: {error}")
    raise refused
