"""What two runs of the benches have in common, figure by figure. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FEW = 20  # of so few answers, one more or less moves a percentile by as much as any change would
SAME = 0.1  # two runs of the same program on the same machine differ by about this share
UNCOMPARED = ("count", "load_average_before", "load_average_after", "load", "position")


@dataclass(frozen=True)
class Figure:
    value: float
    count: int | None = None  # of how many it is a summary, where that is known


@dataclass(frozen=True)
class Comparison:
    """`ratio` is after to before, None where there was nothing before."""

    name: str
    before: Figure
    after: Figure

    @property
    def ratio(self) -> float | None:
        return self.after.value / self.before.value if self.before.value else None

    @property
    def note(self) -> str:
        if min(each.count or FEW for each in (self.before, self.after)) < FEW:
            return "few"
        ratio = self.ratio
        return "same" if ratio is not None and abs(ratio - 1) <= SAME else ""


def figures_of(result: Mapping[str, Any]) -> dict[str, Figure]:
    """Every number of a result under its path; rows of a table go by their labels."""
    return dict(_figures("", result, None))


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Comparison, ...]:
    """The figures that both runs have, in the order of the later one."""
    earlier = figures_of(before)
    return tuple(
        Comparison(name, earlier[name], figure)
        for name, figure in figures_of(after).items()
        if name in earlier
    )


def _figures(path: str, value: object, count: int | None) -> Iterator[tuple[str, Figure]]:
    match value:
        case bool():
            return
        case int() | float():
            yield path, Figure(float(value), count)
        case Mapping():
            known = value.get("count")
            of = known if isinstance(known, int) else count
            for key in [key for key in value if key not in UNCOMPARED]:
                yield from _figures(f"{path} > {key}".removeprefix(" > "), value[key], of)
        case list() | tuple():
            for label, row in _labelled(value):
                yield from _figures(f"{path} > {label}", row, count)
        case _:
            return


def _labelled(rows: Sequence[object]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for row in rows:
        if isinstance(row, Mapping) and isinstance(row.get("label"), str):
            yield row["label"], row
