"""``dashboard``: a page in the browser for all processes of an application."""

from __future__ import annotations

import click

from ..errors import RedisError

#: What the extra brings.
_NEEDED = ("starlette", "uvicorn", "anyio", "h11")


@click.command()
@click.option(
    "--attach",
    "patterns",
    metavar="PATTERN",
    multiple=True,
    required=True,
    help="What the applications gave to serve_status: a path, in which * stands for anything, or a port.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; beyond loopback with a token.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 for any.")
@click.option(
    "--token",
    envvar="MULTIPLEXER_DASHBOARD_TOKEN",
    metavar="TOKEN",
    help="What browsers must have; beyond loopback one is made where none is given.",
)
def dashboard(patterns: tuple[str, ...], host: str, port: int, token: str | None) -> None:
    """Show running applications in the browser, live, until Ctrl-C.

    Each process that shows its multiplexer with serve_status at a path that fits PATTERN is looked at once a second.
    Processes may come and go. Quote the pattern, or the shell puts names in its place that do not change any more.
    A token may also stand in the environment variable MULTIPLEXER_DASHBOARD_TOKEN.
    """
    try:
        from ..dashboard.serving import Dashboard
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _NEEDED:
            raise
        raise click.ClickException(
            f'the dashboard needs {error.name}: pip install "redis-multiplexer[dashboard]"'
        ) from None
    try:
        shown = Dashboard(patterns, host, port, token)
    except RedisError as error:
        raise click.ClickException(str(error)) from None
    try:
        shown.start()
        made = shown.token if token is None else None
        click.echo(f"Dashboard of {', '.join(patterns)}: {shown.address}{f'?token={made}' if made else ''}")
        shown.wait()
    finally:
        shown.close()
