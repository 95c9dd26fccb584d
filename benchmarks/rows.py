"""All rows by name."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import browsing
from benchmarks.analyses import ANALYSES
from benchmarks.generating import generate_lstm_256
from benchmarks.glass import GLASS
from benchmarks.labs import QUICK
from benchmarks.learning import learn_quick_lstm, learn_quick_rnn
from benchmarks.row import Row
from benchmarks.starting import app_health, first_loss
from benchmarks.training import batch_1, evaluation_share, overhead

ROWS: dict[str, Callable[[], Row]] = {
    "generate/lstm-256": generate_lstm_256,
    "train/overhead": overhead,
    "train/evaluation-share": evaluation_share,
    "train/batch-1": batch_1,
    "train/first-loss": first_loss,
    "learn/quick-lstm": learn_quick_lstm,
    "learn/quick-rnn": learn_quick_rnn,
    "app/health": app_health,
    "app/first-loss": browsing.first_loss,
    "units/heatmap": browsing.units_heatmap,
    "units/another": browsing.another_unit,
    **ANALYSES,
    **GLASS,
    **QUICK,
}
