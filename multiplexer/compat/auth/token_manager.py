"""What has a token at all times: it fetches the next one before the last one expires."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from .err import RequestTokenErr, TokenRenewalErr
from .idp import IdentityProviderInterface
from .token import TokenInterface, TokenResponse

__all__ = ["CredentialsListener", "RetryPolicy", "TokenManager", "TokenManagerConfig"]

_logger = logging.getLogger(__name__)


class CredentialsListener:
    """Whom a :class:`TokenManager` tells.

    Attributes:
        on_next: Called with each new token; a coroutine function for :meth:`TokenManager.start_async`.
        on_error: Called with what went wrong; likewise.
    """

    def __init__(self) -> None:
        self.on_next: Callable[[Any], Any] | None = None
        self.on_error: Callable[[Exception], Any] | None = None


class RetryPolicy:
    """How often to ask an identity provider again.

    Args:
        max_attempts: How often.
        delay_in_ms: Milliseconds to wait before.
    """

    def __init__(self, max_attempts: int, delay_in_ms: float) -> None:
        self.max_attempts = max_attempts
        self.delay_in_ms = delay_in_ms

    def get_max_attempts(self) -> int:
        """Return how often to ask again."""
        return self.max_attempts

    def get_delay_in_ms(self) -> float:
        """Return how many milliseconds to wait before."""
        return self.delay_in_ms


class TokenManagerConfig:
    """When to fetch the next token, and how.

    Args:
        expiration_refresh_ratio: After this share of a token's life, such as 0.8 …
        lower_refresh_bound_millis: … or so many milliseconds before its end, whichever is earlier.
        token_request_execution_timeout_in_ms: For the identity provider: milliseconds a request may take.
        retry_policy: How often to ask again.
    """

    def __init__(
        self,
        expiration_refresh_ratio: float,
        lower_refresh_bound_millis: int,
        token_request_execution_timeout_in_ms: int,
        retry_policy: RetryPolicy,
    ) -> None:
        self._expiration_refresh_ratio = expiration_refresh_ratio
        self._lower_refresh_bound_millis = lower_refresh_bound_millis
        self._token_request_execution_timeout_in_ms = token_request_execution_timeout_in_ms
        self._retry_policy = retry_policy

    def get_expiration_refresh_ratio(self) -> float:
        """Return the share of a token's life after which the next one is fetched."""
        return self._expiration_refresh_ratio

    def get_lower_refresh_bound_millis(self) -> int:
        """Return how many milliseconds before its end that is at the latest."""
        return self._lower_refresh_bound_millis

    def get_token_request_execution_timeout_in_ms(self) -> int:
        """Return how many milliseconds a request may take."""
        return self._token_request_execution_timeout_in_ms

    def get_retry_policy(self) -> RetryPolicy:
        """Return how often to ask again."""
        return self._retry_policy


class TokenManager:
    """Fetches a token, and the next one before it expires, until it is stopped or there is none to be had.

    A fork's child fetches no tokens by itself: the thread stays with the parent.

    Args:
        identity_provider: Gives out the tokens.
        config: When to fetch the next one.
    """

    def __init__(self, identity_provider: IdentityProviderInterface, config: TokenManagerConfig) -> None:
        self._provider = identity_provider
        self._config = config
        self._stopped = threading.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, listener: CredentialsListener, skip_initial: bool = False) -> Callable[[], None]:
        """Fetch the first token now, and further ones in a thread of its own.

        Args:
            listener: Whom to tell.
            skip_initial: Whether it is not told of the first one.

        Returns:
            What stops it.

        Raises:
            RequestTokenErr: There is no token to be had, and ``listener`` has no ``on_error``.
            TokenRenewalErr: The token has expired, or ``on_next`` raised; likewise.
        """
        stopped = self._stopped = threading.Event()  # of its own: a thread from before must not go on
        delay = self._renewed(listener, skip_initial)
        if delay is not None:
            arguments = (listener, delay, stopped)
            threading.Thread(target=self._keep, args=arguments, name="token-manager", daemon=True).start()
        return self.stop

    async def start_async(
        self,
        listener: CredentialsListener,
        block_for_initial: bool = False,
        initial_delay_in_ms: float = 0,
        skip_initial: bool = False,
    ) -> Callable[[], None]:
        """Fetch tokens in a task of its own.

        Args:
            listener: Whom to tell, with coroutine functions.
            block_for_initial: Whether to wait for the first token.
            initial_delay_in_ms: Milliseconds to wait before asking for it.
            skip_initial: Whether the listener is not told of the first one.

        Returns:
            What stops it.
        """
        first = asyncio.Event()
        self._cancel()
        self._task = asyncio.create_task(self._keep_async(listener, initial_delay_in_ms / 1000, skip_initial, first))
        if block_for_initial:
            await first.wait()
        return self.stop

    def stop(self) -> None:
        """Fetch no more tokens; to be called in the thread of the loop where :meth:`start_async` was."""
        self._stopped.set()
        self._cancel()

    def _cancel(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    # -- fetching --------------------------------------------------------------------------------------

    def acquire_token(self, force_refresh: bool = False) -> TokenResponse:
        """Return a token; ask again as the configuration says where there is none.

        Args:
            force_refresh: Whether it is to be a new one.

        Raises:
            RequestTokenErr: There is none to be had.
        """
        policy = self._config.get_retry_policy()
        for left in range(policy.get_max_attempts(), -1, -1):
            try:
                return TokenResponse(self._provider.request_token(force_refresh))
            except RequestTokenErr:
                if not left:
                    raise
                time.sleep(policy.get_delay_in_ms() / 1000)
        raise AssertionError  # the last round returns or raises

    async def acquire_token_async(self, force_refresh: bool = False) -> TokenResponse:
        """As :meth:`acquire_token`; the provider is asked in another thread, as it may wait for long."""
        policy = self._config.get_retry_policy()
        for left in range(policy.get_max_attempts(), -1, -1):
            try:
                return TokenResponse(await asyncio.to_thread(self._provider.request_token, force_refresh))
            except RequestTokenErr:
                if not left:
                    raise
                await asyncio.sleep(policy.get_delay_in_ms() / 1000)
        raise AssertionError  # the last round returns or raises

    # -- keeping ---------------------------------------------------------------------------------------

    def _keep(self, listener: CredentialsListener, delay: float | None, stopped: threading.Event) -> None:
        while delay is not None and not stopped.wait(delay):
            try:
                delay = self._renewed(listener, False)
            except Exception:
                _logger.exception("No further token: nobody is told, as the listener has no on_error")
                return

    def _renewed(self, listener: CredentialsListener, skip: bool) -> float | None:
        """Fetch a token and tell of it; return the seconds until the next one is due, or None for never."""
        try:
            token = _usable(self.acquire_token(force_refresh=True).get_token())
            if listener.on_next is None:
                _logger.warning("Nobody is told of tokens: the listener has no on_next, and no more are fetched")
                return None
            if not skip:
                _told(listener.on_next, token)
            return self._delay(token)
        except Exception as error:
            if listener.on_error is None:
                raise
            listener.on_error(error)
            return None

    async def _keep_async(
        self, listener: CredentialsListener, delay: float | None, skip: bool, first: asyncio.Event
    ) -> None:
        try:
            while delay is not None:
                await asyncio.sleep(delay)
                delay = await self._renewed_async(listener, skip)
                skip = False
                first.set()
        finally:
            first.set()  # whoever waits for a token that will not come does not wait for ever

    async def _renewed_async(self, listener: CredentialsListener, skip: bool) -> float | None:
        try:
            token = _usable((await self.acquire_token_async(force_refresh=True)).get_token())
            if listener.on_next is None:
                _logger.warning("Nobody is told of tokens: the listener has no on_next, and no more are fetched")
                return None
            if not skip:
                await _told_async(listener.on_next, token)
            return self._delay(token)
        except Exception as error:
            if listener.on_error is None:
                raise
            await listener.on_error(error)
            return None

    def _delay(self, token: TokenInterface) -> float | None:
        received, expires = token.get_received_at_ms(), token.get_expires_at_ms()
        by_share = received + (expires - received) * self._config.get_expiration_refresh_ratio()
        by_bound = expires - self._config.get_lower_refresh_bound_millis()
        left = (min(by_share, by_bound) - time.time() * 1000) / 1000
        return left if left > 0 else None


def _usable(token: TokenInterface) -> TokenInterface:
    if token.is_expired():
        raise TokenRenewalErr("Requested token is expired")
    return token


def _told(on_next: Callable[[Any], Any], token: TokenInterface) -> None:
    try:
        on_next(token)
    except Exception as error:
        raise TokenRenewalErr(error) from error


async def _told_async(on_next: Callable[[Any], Awaitable[Any]], token: TokenInterface) -> None:
    try:
        await on_next(token)
    except Exception as error:
        raise TokenRenewalErr(error) from error
