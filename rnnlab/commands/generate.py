"""`generate`: a trained network writes."""

from __future__ import annotations

import time

import click

from rnnlab.commands.shared import json_option, network, runs_option, show, snapshot_option
from rnnlab.runs.store import RunStore


@click.command()
@click.argument("run")
@click.option("--prime", default="\n", help="Text that the network reads first; a newline if none.")
@click.option(
    "--length",
    type=click.IntRange(1, 1_000_000),
    default=500,
    show_default=True,
    help="How many characters to write.",
)
@click.option("--temperature", default=0.8, show_default=True, help="Low is safe, high is wild.")
@click.option("--top-k", default=0, help="Draw from the k likeliest characters only; 0 from all.")
@click.option("--top-p", default=1.0, help="Draw from the likeliest with this joint probability.")
@click.option("--greedy", is_flag=True, help="Always take the likeliest character.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Randomness.")
@snapshot_option
@runs_option
@json_option
def generate(
    run: str,
    prime: str,
    length: int,
    temperature: float,
    top_k: int,
    top_p: float,
    greedy: bool,
    seed: int,
    snapshot: int | str,
    store: RunStore,
    as_json: bool,
) -> None:
    """Let RUN write on from a seed text."""
    opened = network(store, run, snapshot)
    assert opened.model is not None  # read before the clock starts
    start = time.perf_counter()
    text = opened.sample(
        prime,
        length=length,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        greedy=greedy,
        seed=seed,
    )
    speed = length / (time.perf_counter() - start)
    result = {
        "run": opened.run.id,
        "snapshot": snapshot,
        "prime": prime,
        "text": text,
        "temperature": temperature,
        "seed": seed,
        "characters_per_second": speed,
    }
    show(result, as_json, prime + text)
