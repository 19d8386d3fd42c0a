"""Cut-off answers against waiting as a picture: a line a detector, a point a pace, as SVG.

Pure: points in, text out. It is readable on light and on dark, tells lines apart by their marks and
not by colour alone, and says its figures in words too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import sqrt

from vivavoce.services.bench.svg import sheet, step, text

HEIGHT = 480
LEFT, RIGHT, TOP, BOTTOM = 70, 800, 120, 410
LEGEND, LETTER = 74, 7.3  # where it stands, and about how wide a letter is
MARK, RING = 6, 12
STEPS_MS = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
STEPS_PERCENT = (1, 2, 5, 10, 20)
Z = 1.96  # of a normal distribution, 19 of 20 lie within so many standard deviations
STYLE = """
  .grid { stroke: #e3e7ed } .axis { stroke: #1d2530 }
  .line, .chance { fill: none; stroke-width: 2 } .chance { stroke-width: 1; opacity: 0.6 }
  .ring { fill: none; stroke: #1d2530; stroke-width: 2 }
  .s0 { stroke: #2f6fdd } .s1 { stroke: #b35600; stroke-dasharray: 7 4 }
  .s0.mark { fill: #2f6fdd } .s1.mark { fill: #b35600 } .mark, .chance { stroke-dasharray: none }
  @media (prefers-color-scheme: dark) {
    .grid { stroke: #2c343f } .axis, .ring { stroke: #e8ecf2 }
    .s0 { stroke: #6ea0ff } .s1 { stroke: #f0a84b }
    .s0.mark { fill: #6ea0ff } .s1.mark { fill: #f0a84b }
  }
"""


@dataclass(frozen=True)
class Point:
    """`waited_ms` is the median over the answers that were heard out."""

    label: str
    waited_ms: int
    cut_off: int
    count: int
    is_chosen: bool = False

    @property
    def share(self) -> float:
        return self.cut_off / self.count


@dataclass(frozen=True)
class Line:
    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class _Scale:
    first_ms: int
    last_ms: int
    step_ms: int
    last_percent: int
    step_percent: int

    def x(self, ms: float) -> float:
        share = (ms - self.first_ms) / (self.last_ms - self.first_ms)
        return round(LEFT + (RIGHT - LEFT) * share, 1)

    def y(self, share: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * share * 100 / self.last_percent, 1)


def trade_off_chart(title: str, note: str, lines: Sequence[Line]) -> str:
    """At most two lines. Left is quicker, down is more polite; `is_chosen` points are ringed.

    The thin strokes are the shares that as many other answers might give by chance.
    """
    scale = _scale([point for line in lines for point in line.points])
    drawn = chain(*(_drawn(at, line, scale) for at, line in enumerate(lines)))
    parts = (*_grid(scale), *drawn, *_legend(lines))
    return sheet((title, note), _in_words(lines), STYLE, HEIGHT, parts)


def by_chance(cut_off: int, count: int) -> tuple[float, float]:
    """Within which share the true one is, 19 times of 20: Wilson's interval."""
    share, squared = cut_off / count, Z * Z / count
    middle = (share + squared / 2) / (1 + squared)
    reach = sqrt(share * (1 - share) * squared + squared * squared / 4) / (1 + squared)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _in_words(lines: Sequence[Line]) -> str:
    return "; ".join(
        f"{line.label}, {point.label}: {_figures(point)}" for line in lines for point in line.points
    )


def _figures(point: Point) -> str:
    return f"{100 * point.share:.1f} % cut off, {point.waited_ms} ms"


def _scale(points: Sequence[Point]) -> _Scale:
    times = [point.waited_ms for point in points] or [0]
    step_ms = step(max(times) - min(times), STEPS_MS)
    highest = max((100 * by_chance(each.cut_off, each.count)[1] for each in points), default=0.0)
    step_percent = step(highest, STEPS_PERCENT)
    return _Scale(
        (min(times) // step_ms - 2) * step_ms,
        (max(times) // step_ms + 2) * step_ms,
        step_ms,
        int(highest // step_percent + 1) * step_percent,
        step_percent,
    )


def _grid(scale: _Scale) -> Iterator[str]:
    for ms in range(scale.first_ms, scale.last_ms + 1, scale.step_ms):
        x = scale.x(ms)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP}" y2="{BOTTOM}"/>'
        yield text(x, BOTTOM + 20, f"{ms} ms", "quiet", "middle")
    for percent in range(0, scale.last_percent + 1, scale.step_percent):
        y = scale.y(percent / 100)
        kind = "grid" if percent else "axis"
        yield f'<line class="{kind}" x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}"/>'
        yield text(LEFT - 10, y + 4, f"{percent} %", "quiet", "end")
    middle = (LEFT + RIGHT) / 2
    waited = "from the last sound of an answer to the decision that it is over, median"
    yield text(middle, BOTTOM + 44, waited, "", "middle")
    yield text(LEFT, TOP - 14, "answers cut off", "")


def _drawn(at: int, line: Line, scale: _Scale) -> Iterator[str]:
    places = [(scale.x(point.waited_ms), scale.y(point.share)) for point in line.points]
    path = " ".join(f"{x},{y}" for x, y in places)
    yield f'<polyline class="line s{at}" points="{path}"/>'
    for point, (x, y) in zip(line.points, places, strict=True):
        low, high = (scale.y(share) for share in by_chance(point.cut_off, point.count))
        yield f'<line class="chance s{at}" x1="{x}" x2="{x}" y1="{low}" y2="{high}"/>'
        yield _mark(at, x, y)
        if point.is_chosen:
            yield f'<circle class="ring" cx="{x}" cy="{y}" r="{RING}"/>'
        yield _label(at, point, x, y)


def _label(at: int, point: Point, x: float, y: float) -> str:
    """Away from the curve, which falls to the right: the first line's above, the other's below."""
    words = f"{point.label}, {100 * point.share:.1f} %"
    return text(x + 16, y - 12, words) if at == 0 else text(x - 16, y + 22, words, anchor="end")


def _mark(at: int, x: float, y: float) -> str:
    if at == 0:
        return f'<circle class="mark s0" cx="{x}" cy="{y}" r="{MARK}"/>'
    corner, side = f'x="{round(x - MARK, 1)}" y="{round(y - MARK, 1)}"', 2 * MARK
    return f'<rect class="mark s1" {corner} width="{side}" height="{side}"/>'


def _legend(lines: Sequence[Line]) -> Iterator[str]:
    x, y = 24.0, LEGEND - 4
    for at, line in enumerate(lines):
        yield _mark(at, x, y)
        yield text(x + 16, LEGEND, line.label)
        x += 44 + LETTER * len(line.label)
    chosen = "here, unless a template says otherwise"
    yield f'<circle class="ring" cx="{x}" cy="{y}" r="9"/>'
    yield text(x + 18, LEGEND, chosen)
    x += 46 + LETTER * len(chosen)
    yield f'<line class="chance s0" x1="{x}" x2="{x}" y1="{y - 8}" y2="{y + 8}"/>'
    yield text(x + 10, LEGEND, "what chance may make of it (95 %)")
