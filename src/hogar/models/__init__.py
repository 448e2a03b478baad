"""How likely, how much? Learners, their validation on held-out folds, and the checks that every one passes.

Takes frames of features and labels; returns fitted models, reports and probabilities. Reads and writes no files:
`build.training` gathers the frames and keeps what comes out. Neighbour: `strategy`, which reads scores by name.
"""

from hogar.models.learners import LEARNERS, Fitted, Learner, load_logistic
from hogar.models.measure import Measures, measure
from hogar.models.spec import ModelSpec, score_features
from hogar.models.train import Learned, ModelReport, learn

__all__ = [
    "LEARNERS",
    "Fitted",
    "Learned",
    "Learner",
    "Measures",
    "ModelReport",
    "ModelSpec",
    "learn",
    "load_logistic",
    "measure",
    "score_features",
]
