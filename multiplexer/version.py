"""The version of the package, also sent to servers with CLIENT SETINFO."""

__version__ = "0.1.0"
