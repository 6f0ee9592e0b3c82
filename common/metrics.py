"""Figures for Prometheus, as text: written by hand, since a client library counts per process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Gauge:
    """指标: one figure now, for each value of its label."""

    name: str
    about: str
    label: str
    figures: Mapping[str, float]


def text_of(gauges: Iterable[Gauge]) -> str:
    """指标文本: a gauge without figures is left out rather than told as nought."""
    lines: list[str] = []
    for gauge in gauges:
        if gauge.figures:
            lines += [f"# HELP {gauge.name} {gauge.about}", f"# TYPE {gauge.name} gauge"]
        for value, figure in gauge.figures.items():
            label = f'{{{gauge.label}="{_escaped(value)}"}}' if gauge.label else ""
            lines.append(f"{gauge.name}{label} {_written(figure)}")
    return "\n".join([*lines, ""])


def _written(figure: float) -> str:
    return str(int(figure)) if figure == int(figure) else f"{figure:.3f}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
