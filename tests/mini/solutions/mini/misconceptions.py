"""Known-wrong answers of the mini topic."""

from fairmark.build.variants import Misconception

MISCONCEPTIONS = (
    Misconception(
        name="squared",
        question="q1",
        advice="Twice a number is not its square.",
        old="2*x",
        new="x ** 2",
    ),
    Misconception(
        name="two_epochs",
        question="q3",
        advice="Count the epochs again.",
        old="epochs = 3",
        new="epochs=2",
    ),
    Misconception(
        name="tanh",
        question="q2",
        advice="The hidden units are relu units.",
        old="'relu'",
        new='"tanh"',
        survives="because no check looks at activations",
    ),
)
