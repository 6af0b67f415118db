"""What a dashboard answers over HTTP: the page, and what happens as server-sent events."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Collection
from functools import cache
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .feed import Feed
from .observer import Observer

__all__ = ["event", "make_application"]

_FOLDER = Path(__file__).parent
_COOKIE = "multiplexer-dashboard"
_REFUSED = """<!doctype html><html lang="en"><meta charset="utf-8"><title>multiplexer</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<body><main><h1>This dashboard asks for its token</h1><p>It was given, or printed, where the dashboard was started.</p>
<form><label>Token <input name="token" type="password" autocomplete="off" required autofocus></label>
<button>Show</button></form></main></body></html>"""


def make_application(
    observer: Observer, feed: Feed, *, hosts: Collection[str] | None = None, token: str | None = None
) -> ASGIApp:
    """Return the application.

    Args:
        observer: Has what is shown.
        feed: Is told of pages, and hands them what is new.
        hosts: Names by which it may be asked for; None for any.
        token: What a browser must have; None where whoever reaches it may look.
    """

    async def page(request: Request) -> Response:
        return HTMLResponse(_page()[0])

    async def events(request: Request) -> Response:
        if feed.is_full:
            return PlainTextResponse("there are too many pages already", 503)
        process = request.query_params.get("process", "")
        return StreamingResponse(_events(observer, feed, process), media_type="text/event-stream")

    middleware = [Middleware(_Headers)]
    if hosts is not None:
        middleware.append(Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False))
    if token is not None:
        middleware.append(Middleware(_Token, token=token))
    return Starlette(routes=[Route("/", page), Route("/events", events)], middleware=middleware)


def event(name: str, content: Any) -> bytes:
    """Return a server-sent event whose data is JSON."""
    return f"event: {name}\ndata: {json.dumps(content, separators=(',', ':'))}\n\n".encode()


async def _events(observer: Observer, feed: Feed, process: str) -> AsyncIterator[bytes]:
    page = feed.join(process)
    try:
        yield event("history", observer.history(process))
        yield event("state", observer.state(process))
        while True:
            yield await page.take()
    finally:
        feed.leave(page)


@cache
def _page() -> tuple[str, str]:
    """Return the page, with its styles and its program inside, and the policy that lets in nothing else."""
    styles, program = ((_FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    html = (_FOLDER / "page.html").read_text(encoding="utf-8")
    html = html.replace("/* page.css */", styles).replace("/* page.js */", program)
    allowed = f"style-src {_digest(styles)}; script-src {_digest(program)}; connect-src 'self'; img-src data:"
    return html, f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class _Headers:
    """Adds to every response what keeps it from being kept, framed, or joined by anything from elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Cache-Control"] = "no-store"
                headers["Content-Security-Policy"] = _page()[1]
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        await self._app(scope, receive, send_with_headers)


class _Token:
    """Lets in who has the token: in a cookie, which the address with ``?token=`` leaves, or as a bearer."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        cookie = f"{_COOKIE}-{connection.url.port or 80}"
        _, _, bearer = connection.headers.get("authorization", "").partition(" ")
        if self._is_it(bearer) or self._is_it(connection.cookies.get(cookie, "")):
            await self._app(scope, receive, send)
            return
        response: Response
        if self._is_it(connection.query_params.get("token", "")):
            response = RedirectResponse("/", 303)  # so that it stands in no address bar
            response.set_cookie(cookie, self._token, httponly=True, samesite="strict")
        else:
            response = HTMLResponse(_REFUSED, 401, {"WWW-Authenticate": "Bearer"})
        await response(scope, receive, send)

    def _is_it(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())
