"""Settings that programs hand on although nothing was said: an empty text is as good as none."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.compat.asyncio.client import Redis
from multiplexer.compat.credentials import UsernamePasswordCredentialProvider
from tests.conftest import Target
from tests.servers import RealServer


@pytest.mark.parametrize("multiplexed", [False, True])
@pytest.mark.parametrize(
    "given", [{"password": ""}, {"username": "", "password": ""}, {"username": "default", "password": ""}]
)
async def test_no_password(server: RealServer, target: Target, given: dict[str, Any], multiplexed: bool) -> None:
    async with Redis(port=server.port, protocol=target.protocol, multiplexed=multiplexed, **given) as client:
        assert await client.ping() is True


async def test_a_provider_beside_it(server: RealServer) -> None:
    provider = UsernamePasswordCredentialProvider("default")
    async with Redis(port=server.port, username="", password="", credential_provider=provider) as client:
        assert await client.ping() is True
