"""The state of a multiplexer as plain values, and as a zip for a support ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..importing import importing
from ..version import __version__
from .diagnosis.storm_log import StormLog
from .diagnosis.tally import Tally
from .server_endpoint import ServerEndPoint

if TYPE_CHECKING:
    from ..configuration import ConfigurationOptions

_SECRETS = ("requirepass", "masterauth", "primaryauth", "tls-key-file-pass", "tls-client-key-file-pass")


def status_of(
    options: ConfigurationOptions,
    servers: Iterable[ServerEndPoint[Any]],
    storm_log: StormLog,
    tally: Tally,
    beyond: Mapping[str, object],
    now: float,
) -> dict[str, Any]:
    """Return everything that is known, without secrets.

    Args:
        options: The configuration.
        servers: The servers.
        storm_log: What was outstanding when timeouts piled up.
        tally: How often what happens seldom has happened.
        beyond: What is known beyond that; see :meth:`.guide.Guide.status`.
        now: Time of the driver's clock.
    """
    listed = [server.status(now) for server in servers]
    return dict(beyond) | {
        "version": __version__,
        "configuration": options.to_string(),
        "servers": listed,
        "total_outstanding": sum(
            bridge["total_outstanding"]
            for server in listed
            for bridge in (server["interactive"], server["subscription"], server["leased"])
            if bridge is not None
        ),
        "happenings": tally.status(now),
        "storm_log": storm_log.text,
    }


def exported(files: Mapping[str, Any]) -> bytes:
    """Zip some files; mappings and CONFIG's lists of pairs are written as JSON without their secrets."""
    with importing:
        import io
        import json
        import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if isinstance(content, list):
                content = dict(zip(content[::2], content[1::2], strict=False))
            if isinstance(content, Mapping):
                shown = {key: "***" if key in _SECRETS and value else value for key, value in content.items()}
                content = json.dumps(shown, indent=2, default=str)
            archive.writestr(name.replace(":", "_"), content)
    return stream.getvalue()
