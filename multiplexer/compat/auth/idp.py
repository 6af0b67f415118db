"""Identity providers, which give out tokens."""

from __future__ import annotations

from abc import ABC, abstractmethod

from .token import TokenInterface

__all__ = ["IdentityProviderConfigInterface", "IdentityProviderInterface"]


class IdentityProviderInterface(ABC):
    """Gives out tokens."""

    @abstractmethod
    def request_token(self, force_refresh: bool = False) -> TokenInterface:
        """Return a token.

        Args:
            force_refresh: Whether it is to be a new one.

        Raises:
            RequestTokenErr: There is none to be had.
        """


class IdentityProviderConfigInterface(ABC):
    """Makes an identity provider of settings."""

    @abstractmethod
    def get_provider(self) -> IdentityProviderInterface:
        """Return the provider."""
