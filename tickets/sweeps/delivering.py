"""What leaves the house: written here, sent by `notices`, which knows no ticket."""

from datetime import datetime

from notices import deliver
from tickets import rendering


def sweep(*, at: datetime) -> int:
    """投递: all that is due."""
    return deliver.run(at=at, render=rendering.render)
