"""A process for one client, so that no client's threads, lock or imports disturb another's.

It reads requests and writes replies, a JSON object a line: ``open`` a workload, ``run`` it for so many ``seconds``,
``close`` it. Between requests it sleeps. Usage: ``python -m bench.worker CLIENT``
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any, TextIO

from .clients import Adapter, Setting, load
from .loops import Workload
from .workloads import WORKLOADS

Request = dict[str, Any]


def reason(error: BaseException) -> str:
    """Describe an error in a line; of a group, the first one that it holds."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}".strip().splitlines()[0][:300]


class Worker:
    """Serves the requests of the coordinating process."""

    def __init__(self, adapter: Adapter, requests: TextIO, replies: TextIO) -> None:
        self.adapter = adapter
        self.requests = requests
        self.replies = replies

    def receive(self) -> Request:
        """Wait for a request; the end of the input ends the process."""
        line = self.requests.readline()
        if not line:
            raise SystemExit
        request: Request = json.loads(line)
        return request

    def reply(self, **reply: Any) -> None:
        """Answer a request."""
        self.replies.write(json.dumps(reply) + "\n")
        self.replies.flush()

    def serve(self) -> None:
        """Open one workload after the other."""
        workloads = {workload.name: workload for workload in WORKLOADS}
        while True:
            request = self.receive()
            workload = workloads[request["workload"]]
            place = request["host"], request["port"], request["pid"]
            setting = Setting(*place, workload.callers, workload.large, workload.cluster)
            try:
                if workload.world == "blocking":
                    self.blocking(workload, setting)
                else:
                    asyncio.run(self.asynchronous(workload, setting))
            except Exception as error:
                # Said in reply to the request at hand; with it the workload is closed.
                self.reply(error=reason(error))
            else:
                self.reply()

    def blocking(self, workload: Workload, setting: Setting) -> None:
        """Run a blocking workload as often as asked."""
        assert self.adapter.BLOCKING is not None
        with self.adapter.BLOCKING(setting) as client:
            self.reply()
            while (request := self.receive())["do"] == "run":
                self.reply(result=workload.measure(client, setting, request["seconds"]))

    async def asynchronous(self, workload: Workload, setting: Setting) -> None:
        """Run an asyncio workload as often as asked; the loop goes on in between, as the client may need it."""
        assert self.adapter.ASYNCIO is not None
        async with self.adapter.ASYNCIO(setting) as client:
            self.reply()
            while (request := await asyncio.to_thread(self.receive))["do"] == "run":
                self.reply(result=await workload.measure(client, setting, request["seconds"]))


def main(client: str) -> None:
    """Serve until the input ends. What a client prints goes to standard error."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    Worker(load(client), sys.stdin, replies).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
