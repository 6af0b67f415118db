"""What an application shows of itself, in processes that fork."""

from __future__ import annotations

import os
import traceback
import warnings
from pathlib import Path

from multiplexer import ConnectionMultiplexer
from multiplexer.attaching.viewing import View
from tests.servers import RealServer


def test_a_forked_child_leaves_it_to_its_parent(own_server: RealServer, tmp_path: Path) -> None:
    where, other = str(tmp_path / "parent.sock"), str(tmp_path / "child.sock")
    with ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port}") as mux:
        served = mux.serve_status(where)
        with View(where) as view, warnings.catch_warnings():
            view.take()
            warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside threads, which is what is tried
            child = os.fork()
            if not child:
                try:
                    served.close()  # not the child's to end
                    with View(where) as again:
                        assert again.take()["pid"] == os.getppid()
                    mux.get_database().ping()
                    mux.serve_status(other)
                    with View(other) as own:
                        assert own.take()["pid"] == os.getpid()
                    mux.close()
                    assert os.path.exists(where)
                    assert not os.path.exists(other)
                except BaseException:
                    traceback.print_exc()
                    os._exit(1)
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
            assert view.take()["pid"] == os.getpid()
    assert not os.path.exists(where)
