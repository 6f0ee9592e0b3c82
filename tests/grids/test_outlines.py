"""Cutting communities into grids, for the demo."""

import pytest
import shapely

from grids.seed import outlines

L_SHAPE = shapely.Polygon([(0, 0), (3, 0), (3, 1), (1, 1), (1, 3), (0, 3)])


@pytest.mark.parametrize("pieces", [1, 2, 3, 5])
def test_pieces_have_equal_areas(pieces: int) -> None:
    parts = outlines.split(L_SHAPE, pieces)
    assert [part.area for part in parts] == pytest.approx([5 / pieces] * pieces)


def test_the_larger_communities_get_one_more() -> None:
    assert outlines.shares({"small": 1.0, "large": 9.0, "middle": 5.0}, 8) == {
        "large": 3, "middle": 3, "small": 2,
    }  # fmt: skip


def test_grids_cover_exactly_what_was_cut() -> None:
    communities = {"a": shapely.box(0, 0, 1, 1), "b": shapely.box(1, 0, 2, 1.0000004)}
    made = outlines.grids(communities, 7)
    assert sorted(made) == ["a001", "a002", "a003", "b001", "b002", "b003", "b004"]
    assert shapely.coverage_is_valid(list(made.values()))
    assert shapely.union_all(list(made.values())).area == pytest.approx(2)
