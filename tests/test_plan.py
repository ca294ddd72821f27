"""What the plan says of questions that a person marks touches no evidence."""

import hashlib

from fairmark.plan import Plan, QuestionPlan

PLAN = Plan(questions={"q1": QuestionPlan(names=("x",), probes={"p": ("x",)})}, probe_source="def p(x): return x\n")
# As it was before there were manual questions: it is in the key of all evidence collected since.
TEXT = '{"questions":{"q1":{"names":["x"],"probes":{"p":["x"]}}},"probe_source":"def p(x): return x\\n"}'


def test_a_plan_without_manual_questions_is_as_it_was() -> None:
    assert PLAN.model_dump_json() == TEXT
    assert PLAN.digest() == hashlib.sha256(TEXT.encode()).hexdigest()


def test_manual_questions_are_kept_and_change_no_key() -> None:
    plan = PLAN.model_copy(update={"manual": {"q8": 4.0}})
    assert plan.digest() == PLAN.digest()
    assert Plan.model_validate_json(plan.model_dump_json(indent=1)) == plan
