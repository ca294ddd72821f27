"""What a student reads of an exception."""

import textwrap

_AUTOGRAPH = "in user code:\n\n"


def cause(message: str) -> str:
    """Return what went wrong, without the stack of a function that ``tf.function`` traced.

    AutoGraph writes that stack first, a line of code for each frame, and what was raised after it: cut at some length,
    the message would end before its point.
    """
    if not message.startswith(_AUTOGRAPH):
        return message
    _, _, raised = message.removeprefix(_AUTOGRAPH).partition("\n\n")
    return cause(textwrap.dedent(raised).strip().partition(": ")[2]) or message
