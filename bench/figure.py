"""One measured figure, and how a list of them is shown."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Options:
    """``quick``: short runs whose figures are only a first look."""

    quick: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` is the median of ``runs``. ``limit`` is compared by ``relation`` (``<=``, ``>=``);
    ``None`` means reported only."""

    bench: str
    name: str
    value: float
    unit: str
    runs: tuple[float, ...] = ()
    limit: float | None = None
    relation: str = "<="
    note: str = ""
    detail: dict[str, object] = field(default_factory=dict)

    @property
    def holds(self) -> bool | None:
        if self.limit is None:
            return None
        return self.value <= self.limit if self.relation == "<=" else self.value >= self.limit


def figure(
    bench: str,
    name: str,
    runs: Sequence[float],
    unit: str,
    *,
    limit: float | None = None,
    relation: str = "<=",
    note: str = "",
    **detail: object,
) -> Figure:
    """A figure from repeated runs: their median, with the runs kept."""
    return Figure(
        bench, name, statistics.median(runs), unit, tuple(runs), limit, relation, note, detail
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(figures: Sequence[Figure]) -> str:
    """A Markdown table."""
    rows = ["| bench | figure | median | spread | target | |", "|---|---|---|---|---|---|"]
    for item in figures:
        spread = f"{_number(min(item.runs))} to {_number(max(item.runs))}" if item.runs else ""
        target = "" if item.limit is None else f"{item.relation} {_number(item.limit)}"
        verdict = {True: "holds", False: "**misses**", None: ""}[item.holds]
        verdict = ": ".join(filter(None, (verdict, item.note)))
        rows.append(
            f"| {item.bench} | {item.name} | {_number(item.value)} {item.unit} | {spread}"
            f" | {target} | {verdict} |"
        )
    return "\n".join(rows)
