"""The grader's own examination: correct answers must pass, known mistakes must cost points."""
