import pytest

from bench import page


def test_a_table_stands_between_its_marks_and_nothing_else_changes() -> None:
    opening, closing = page.marks("tea")
    before = f"# Figures\n\n{opening}\n\nold\n\n{closing}\n\nthe end\n"

    after = page.placed(before, page.table(["cup"], [["1"]]), "tea")

    assert after == (f"# Figures\n\n{opening}\n\n| cup |\n| --- |\n| 1 |\n\n{closing}\n\nthe end\n")


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no marks"):
        page.placed("# Figures", "x", "tea")
