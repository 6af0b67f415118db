"""The version of the package, also sent to servers with CLIENT SETINFO."""

__version__ = "0.2.0"
