"""Small notebooks, as bytes."""

import json
from typing import Any

EMPTY: dict[str, Any] = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
NOTEBOOK = json.dumps(EMPTY).encode()


def code(source: object = "x = 1", **extra: object) -> dict[str, object]:
    return {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": source,
    } | extra


def notebook(*cells: object, **extra: object) -> bytes:
    return json.dumps(EMPTY | {"cells": list(cells)} | extra).encode()


WHOLE = notebook(code("x = 'é'"), code(["a = 1\n", "b = True"], other=[None, True, -1.5, 2e-30]))
