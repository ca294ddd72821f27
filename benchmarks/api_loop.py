"""``otter.api.grade_submission`` in a loop, in one process.

    python -m benchmarks.api_loop AUTOGRADER NOTEBOOK…

Prints the points of each notebook when it has them.
"""

import sys

from otter.api import grade_submission

if __name__ == "__main__":
    autograder, *notebooks = sys.argv[1:]
    for notebook in notebooks:
        results = grade_submission(notebook, autograder, quiet=True)
        print("graded", results.total, flush=True)
