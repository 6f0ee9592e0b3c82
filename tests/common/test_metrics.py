"""The text of figures is what Prometheus reads."""

from common.metrics import Gauge, text_of


def test_a_figure_has_help_type_and_label() -> None:
    text = text_of([Gauge("a_b", "What it is.", "kind", {"x": 2, "y": 0.5})])
    assert text == (
        '# HELP a_b What it is.\n# TYPE a_b gauge\na_b{kind="x"} 2\na_b{kind="y"} 0.500\n'
    )


def test_one_without_label_stands_alone() -> None:
    assert text_of([Gauge("up", "Alive.", "", {"": True})]).endswith("gauge\nup 1\n")


def test_one_without_figures_is_left_out() -> None:
    assert text_of([Gauge("a", "None.", "kind", {})]) == ""


def test_labels_are_escaped() -> None:
    text = text_of([Gauge("a", "Odd.", "kind", {'q"\\\n': 1})])
    assert 'a{kind="q\\"\\\\\\n"} 1' in text


def test_large_figures_are_exact() -> None:
    assert "a 12345678\n" in text_of([Gauge("a", "Many.", "", {"": 12_345_678})])
