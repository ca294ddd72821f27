"""What people read: the gradebook, the feedback page, the table on the terminal."""

from fairmark.report.feedback import render_feedback, write_feedback
from fairmark.report.gradebook import write_gradebook
from fairmark.report.table import grade_table, print_table

__all__ = ["grade_table", "print_table", "render_feedback", "write_feedback", "write_gradebook"]
