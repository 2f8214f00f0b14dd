"""Plain tables and percentiles for benchmarks."""

from __future__ import annotations

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def percentiles(values: Sequence[float]) -> tuple[str, str, str]:
    """The 50th, 95th and 99th percentile, with two decimals."""
    p50, p95, p99 = (f"{percentile(values, share):.2f}" for share in (0.50, 0.95, 0.99))
    return p50, p95, p99


def table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    """Columns wide enough for what is in them: the first to the left, the others to the right."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    )
