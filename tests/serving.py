"""A real server of the app."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Server:
    """A running app."""

    url: str
    runs: Path
    process: subprocess.Popen[bytes]


@contextmanager
def serve(runs: Path, data: Path) -> Iterator[Server]:
    """The app on a free port of this machine, with its own folders."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    command += ["--server.port", str(port)]
    environment = {**os.environ, "RNNLAB_RUNS": str(runs), "RNNLAB_DATA": str(data)}
    log = (runs.parent / "server.log").open("wb")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: is_healthy(port), 30, "the server answers")
        yield Server(f"http://localhost:{port}", runs, process)
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as s:
        s.bind(("localhost", 0))
        return s.getsockname()[1]


def is_healthy(port: int) -> bool:
    """Whether the app answers."""
    try:
        url = f"http://localhost:{port}/_stcore/health"
        with urllib.request.urlopen(url, timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for a condition; fails with its name when it does not come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s, but not: {what}"
        time.sleep(0.05)
