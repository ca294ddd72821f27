"""What a student reads of an exception."""

import textwrap

_AUTOGRAPH = "in user code:\n\n"
_NESTED = 20
"""Stacks within stacks that are left out: a student can write any number of them."""


def cause(message: str) -> str:
    """Return what went wrong, without the stack of a function that ``tf.function`` traced.

    AutoGraph writes that stack first, a line of code for each frame, and what was raised after it: cut at some length,
    the message would end before its point.
    """
    for _ in range(_NESTED):
        if not message.startswith(_AUTOGRAPH):
            break
        _, _, raised = message.removeprefix(_AUTOGRAPH).partition("\n\n")
        message = textwrap.dedent(raised).strip().partition(": ")[2] or message
    return message
