"""What people read: the gradebook, the pages, the table on the terminal."""

from fairmark.report.answers import render_answers
from fairmark.report.feedback import render_feedback
from fairmark.report.files import write_page
from fairmark.report.gradebook import write_gradebook
from fairmark.report.learning_curve import LearningCurve
from fairmark.report.misconceptions import write_misconceptions
from fairmark.report.table import grade_table, print_table

__all__ = [
    "LearningCurve",
    "grade_table",
    "print_table",
    "render_answers",
    "render_feedback",
    "write_gradebook",
    "write_misconceptions",
    "write_page",
]
