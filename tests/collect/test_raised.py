import pytest
import tensorflow as tf

from fairmark.collect.raised import cause


@tf.function
def inner(x: tf.Tensor) -> tf.Tensor:
    return tf.reshape(x, (3, 3))


@tf.function
def outer(x: tf.Tensor) -> tf.Tensor:
    if tf.size(x) > 0:
        x = x + 1
    return inner(x)


@tf.function
def two_paragraphs(x: tf.Tensor) -> tf.Tensor:
    raise ValueError(f"no such column\n\nlook at the table {x.shape}")


@pytest.mark.parametrize(
    ("function", "begins", "ends"),
    [
        (outer, "Cannot reshape a tensor with 4 elements", "[3,3]."),
        (two_paragraphs, "no such column", "look at the table (4,)"),
    ],
)
def test_the_stack_of_a_traced_function_is_left_out(
    function: tf.types.experimental.PolymorphicFunction, begins: str, ends: str
) -> None:
    with pytest.raises(ValueError, match="in user code") as raised:
        function(tf.zeros(4))
    told = cause(str(raised.value))
    assert told.startswith(begins)
    assert told.endswith(ends)


@pytest.mark.parametrize(
    "message", ["", "plain", "in user code:", "in user code:\n\n", "in user code:\n\n    File a\n\n"]
)
def test_other_messages_stay(message: str) -> None:
    assert cause(message) == message


def test_a_message_that_is_made_of_stacks_is_read_to_some_depth() -> None:
    assert cause("in user code:\n\nf\n\nE: " * 3 + "lost") == "lost"
    assert cause("in user code:\n\nf\n\nE: " * 5_000 + "lost").endswith("lost")
