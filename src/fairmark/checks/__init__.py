"""What hidden tests say: sentences about Keras models that hold for live and restored ones alike.

Functions return plain facts; those named ``assert_…`` raise AssertionError with a sentence.
"""

from fairmark.checks.architecture import Architecture, Node
from fairmark.checks.arrays import assert_array
from fairmark.checks.canonical import architecture, assert_same_architecture
from fairmark.checks.compilation import (
    Compiled,
    Loss,
    canonical_loss,
    canonical_metric,
    canonical_optimizer,
    compiled,
)
from fairmark.checks.evaluation import (
    accuracy,
    binary_cross_entropy,
    mean_absolute_error,
    probabilities,
    root_mean_squared_error,
)
from fairmark.checks.figures import assert_labelled
from fairmark.checks.folds import Fold, assert_folds, assert_fresh_models, rows_of
from fairmark.checks.history import best_epoch, curve, epochs_run, turns_at
from fairmark.checks.layers import LayerFacts, Parameters, layers, parameters
from fairmark.checks.penalties import Penalty, penalty, penalty_value
from fairmark.checks.predictions import correct_predictions, predictions
from fairmark.checks.settings import canonical_initializer
from fairmark.checks.step import Step, assert_same_step, reference_step
from fairmark.checks.threshold import Bar, threshold

__all__ = [
    "Architecture",
    "Bar",
    "Compiled",
    "Fold",
    "LayerFacts",
    "Loss",
    "Node",
    "Parameters",
    "Penalty",
    "Step",
    "accuracy",
    "architecture",
    "assert_array",
    "assert_folds",
    "assert_fresh_models",
    "assert_labelled",
    "assert_same_architecture",
    "assert_same_step",
    "best_epoch",
    "binary_cross_entropy",
    "canonical_initializer",
    "canonical_loss",
    "canonical_metric",
    "canonical_optimizer",
    "compiled",
    "correct_predictions",
    "curve",
    "epochs_run",
    "layers",
    "mean_absolute_error",
    "parameters",
    "penalty",
    "penalty_value",
    "predictions",
    "probabilities",
    "reference_step",
    "root_mean_squared_error",
    "rows_of",
    "threshold",
    "turns_at",
]
