"""Which model architectures may be rebuilt: an allow-list over Keras's own JSON.

The JSON comes from a sandbox that a student controls. Nothing in it is imported, looked up or allocated
before it has passed here; ``fairmark.evidence.models`` then checks the sizes before any weight exists.
"""

import re
from typing import Any

MAX_OBJECTS = 50_000
MAX_LAYERS = 300
"""Keras takes minutes for a Sequential of a thousand."""
MAX_DEPTH = 60
MAX_INTEGER = 2**31
_TEXT = re.compile(r"[\w /:.+\-]{0,200}")

_LAYERS = frozenset(
    """
    Activation ActivityRegularization Add AlphaDropout Average AveragePooling1D AveragePooling2D
    BatchNormalization Bidirectional CategoryEncoding Concatenate Conv1D Conv2D Conv2DTranspose
    Cropping1D Cropping2D Dense DepthwiseConv2D Dot Dropout ELU Embedding Flatten GRU GaussianDropout
    GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D
    GroupNormalization Identity InputLayer LSTM LayerNormalization LeakyReLU Masking MaxPooling1D
    MaxPooling2D Maximum Minimum Multiply Normalization PReLU Permute ReLU RepeatVector Rescaling
    Reshape SeparableConv2D SimpleRNN Softmax SpatialDropout1D SpatialDropout2D Subtract
    UnitNormalization UpSampling1D UpSampling2D ZeroPadding1D ZeroPadding2D
    """.split()
)
_INITIALIZERS = frozenset(
    """
    Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal LecunUniform Ones
    Orthogonal RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros
    """.split()
)
_OPERATIONS = frozenset(
    """
    Abs Add Celu Clip Concatenate Divide Elu Exp ExpandDims Gelu GetItem HardSigmoid LeakyRelu Log LogSoftmax
    Matmul Maximum Mean Minimum Multiply Negative Power Relu Relu6 Reshape Selu Sigmoid Silu Softmax Softplus
    Softsign Sqrt Square Squeeze Stack Subtract Sum Tanh Transpose TrueDivide
    """.split()
)
_ALLOWED: dict[str, frozenset[str]] = {
    "keras": frozenset({"Sequential", "Functional", "Model", "DTypePolicy"}),
    "keras.models": frozenset({"Sequential", "Functional", "Model"}),
    "keras.src.models.functional": frozenset({"Functional"}),
    "keras.src.models.sequential": frozenset({"Sequential"}),
    "keras.layers": _LAYERS,
    "keras.initializers": _INITIALIZERS,
    "keras.regularizers": frozenset({"L1", "L2", "L1L2", "OrthogonalRegularizer"}),
    "keras.constraints": frozenset({"MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"}),
    "keras.src.ops.numpy": _OPERATIONS,
    "keras.src.ops.nn": _OPERATIONS,
    "keras.src.activations.activations": frozenset({"ReLU"}),  # what keras.activations.relu is, called on a tensor
}
MODEL_CLASSES = frozenset({"Sequential", "Functional", "Model"})


def refusal(architecture: Any) -> str | None:
    """Say in one sentence why ``architecture`` may not be rebuilt; None if it may.

    ``architecture`` is what ``keras.saving.serialize_keras_object(model)`` returned, read from JSON.
    """
    if not (isinstance(architecture, dict) and str(architecture.get("class_name")) in MODEL_CLASSES):
        return "it is not a Sequential or functional model"
    budget = [MAX_OBJECTS]
    return _refusal(architecture, 0, budget)


def _refusal(node: Any, depth: int, budget: list[int]) -> str | None:
    budget[0] -= 1
    if budget[0] < 0 or depth > MAX_DEPTH:
        return "its description is too large"
    if isinstance(node, bool | float) or node is None:
        return None
    if isinstance(node, int):
        return None if abs(node) < MAX_INTEGER else "a number in it is out of range"
    if isinstance(node, str):
        return None if _TEXT.fullmatch(node) else "a text in it is not a plain name"
    if isinstance(node, list):
        return _first(node, depth, budget)
    if not isinstance(node, dict):
        return f"it holds a {type(node).__name__}"
    if "class_name" in node and (reason := _class_refusal(node)):
        return reason
    if not all(isinstance(key, str) and _TEXT.fullmatch(key) for key in node):
        return "a keyword in it is not a plain name"
    if reason := _config_refusal(node):
        return reason
    return _first([value for key, value in node.items() if key != "registered_name"], depth, budget)


def _first(nodes: list[Any], depth: int, budget: list[int]) -> str | None:
    for node in nodes:
        if reason := _refusal(node, depth + 1, budget):
            return reason
    return None


def _class_refusal(node: dict[str, Any]) -> str | None:
    """Check one serialised object: its module and class must be on the list, its config a mapping."""
    name, module = node["class_name"], node.get("module")
    if not isinstance(node.get("config"), dict):
        return f"`{name}` is not a Keras object"
    if not isinstance(name, str) or not isinstance(module, str | None):
        return "an object in it has no name"
    if name in ("__keras_tensor__", "__slice__") and module is None:
        return None
    if "compile_config" in node:
        return "it holds how it was compiled"
    if name == "Normalization" and node["config"].get("mean") is not None:
        return "a Normalization with a given mean is not rebuilt"
    if name in _ALLOWED.get(module or "", frozenset()):
        registered = node.get("registered_name")
        return None if registered in (None, name) else f"`{registered}` is registered by the notebook"
    return f"`{name}` is not one of Keras's own layers"


def _config_refusal(node: dict[str, Any]) -> str | None:
    """Refuse what makes Keras allocate or loop before sizes can be compared."""
    if isinstance(node.get("layers"), list) and len(node["layers"]) > MAX_LAYERS:
        return f"it has more than {MAX_LAYERS} layers"
    if node.get("stateful"):
        return "a layer of it keeps a state between batches"
    return None
