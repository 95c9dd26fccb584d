"""The trained network of an experiment, to try it out on the page of its lab."""

from __future__ import annotations

from pages.components import lab, labs_run
from pages.components.networks import Network, network
from rnnlab.experiments.experiment import Experiment
from rnnlab.experiments.reproduction import runs_of
from rnnlab.network.diverged import DivergedModelError
from rnnlab.runs.errors import RunError


def trained(experiment: Experiment, key: str) -> Network | None:
    """What the user trained here once it has ended, else one that ships; None without either.

    Args:
        key: of the runner of the experiment on this page.
    """
    own = labs_run.started(key)
    mine = [own] if own and own.status().state == "finished" else []
    for run in (*mine, *runs_of(experiment, lab.store().labs())):
        try:
            return network(run, "last")
        except (RunError, DivergedModelError, OSError):
            continue  # heavy networks ship with the first seed only
    return None
