"""What hidden tests say: sentences about Keras models that hold for live and restored ones alike."""

from fairmark.checks.predictions import correct_predictions, predictions
from fairmark.checks.threshold import threshold

__all__ = ["correct_predictions", "predictions", "threshold"]
