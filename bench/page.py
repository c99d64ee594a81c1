"""Tables that commands write into the documentation, between marks."""

from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent / "docs" / "reference" / "benchmarks.md"


def marks(name: str) -> tuple[str, str]:
    """Give the lines between which a command's table stands."""
    return f"<!-- {name}: begin, written by the command -->", f"<!-- {name}: end -->"


def placed(page: str, block: str, name: str) -> str:
    """Put a block between the marks of a page. Raises `ValueError` where there are none."""
    opening, closing = marks(name)
    before, begin, rest = page.partition(opening)
    _, end, after = rest.partition(closing)
    if not begin or not end:
        raise ValueError("the page has no marks for the table")
    return f"{before}{begin}\n\n{block}\n\n{end}{after}"


def write(block: str, name: str) -> None:
    """Put a block into the benchmarks' page."""
    page = BENCHMARKS.read_text(encoding="utf-8")
    BENCHMARKS.write_text(placed(page, block, name), encoding="utf-8")


def table(head: list[str], rows: list[list[str]]) -> str:
    """Lay cells out as a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
