"""How long a person waits for a first sign of life."""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.lab import job_manager, wait_for_spare
from benchmarks.row import Row
from rnnlab.experiments.presets import PRESETS
from rnnlab.folders import PROJECT
from rnnlab.runs.jobs.manager import JobManager

ROUNDS = 5


def first_loss() -> Row:
    """Seconds from the request to the first loss that a page can read, with a warm worker."""
    warm, cold = [], []
    for _ in range(ROUNDS):
        with job_manager() as jobs:
            cold.append(_seconds_to_first_loss(jobs))
        with job_manager() as jobs:
            wait_for_spare(jobs)
            warm.append(_seconds_to_first_loss(jobs))
    return Row(
        "train/first-loss",
        statistics.median(warm),
        "s",
        "no worker kept warm",
        statistics.median(cold),
        {"rounds": warm, "peer_rounds": cold, "limit": 1.0},
    )


def _seconds_to_first_loss(jobs: JobManager) -> float:
    config = PRESETS["quick-lstm"].config.replace(corpus="play")
    start = time.perf_counter()
    run = jobs.store.create(config, name="benchmark")
    jobs.submit(run.id)
    while not len(run.metrics()["step"]):
        if not run.is_active:
            raise RuntimeError(f"The run {run.status().state}: {run.status().error}")
        time.sleep(0.005)
    seconds = time.perf_counter() - start
    jobs.stop(run.id)
    return seconds


def app_health() -> Row:
    """Seconds from starting the app until it answers `/_stcore/health`."""
    ours, peers = [], []
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\n\nst.write('empty')\n")
        for _ in range(ROUNDS):
            ours.append(_seconds_to_health(PROJECT / "app.py", folder))
            peers.append(_seconds_to_health(empty, folder))
    return Row(
        "app/health",
        statistics.median(ours),
        "s",
        "an empty Streamlit app",
        statistics.median(peers),
        {"rounds": ours, "peer_rounds": peers, "limit": 2.0},
    )


def _seconds_to_health(app: Path, runs: str) -> float:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.headless", "true"]
    command += ["--server.port", str(port)]
    environment = {**os.environ, "RNNLAB_RUNS": runs}
    start = time.perf_counter()
    server = subprocess.Popen(
        command,
        cwd=app.parent,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        while not is_healthy(port):
            if server.poll() is not None:
                raise RuntimeError(f"The server ended with status {server.returncode}.")
            time.sleep(0.01)
        return time.perf_counter() - start
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as s:
        s.bind(("localhost", 0))
        return s.getsockname()[1]


def is_healthy(port: int) -> bool:
    """Whether an app answers on this port."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
