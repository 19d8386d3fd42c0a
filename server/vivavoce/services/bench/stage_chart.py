"""The stages of an answer as a picture: one bar a stage, on one time axis, as SVG.

Pure: rows in, text out. It is readable on light and on dark, and says its figures in words too.
"""

from collections.abc import Sequence

from vivavoce.services.bench.figures import Row
from vivavoce.services.bench.svg import WIDTH, sheet, step, text

LABELS, FIGURES, ROW, BAR = 200, 130, 30, 14
TOP, BOTTOM = 64, 44
STEPS_MS = (50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000)
STYLE = """
  .grid { stroke: #d9dee5 } .half { fill: #2f6fdd } .tail { fill: #a9c4f2 }
  .worst { stroke: #8a4b00 } .now { stroke: #1d2530 }
  @media (prefers-color-scheme: dark) {
    .grid { stroke: #2c343f } .half { fill: #6ea0ff } .tail { fill: #33507f }
    .worst { stroke: #f0a84b } .now { stroke: #e8ecf2 }
  }
"""


def stage_chart(title: str, note: str, rows: Sequence[Row]) -> str:
    """A bar to the median of each stage, a lighter one to its 95th percentile, a line at the worst.

    Time is in ms after the last sample of the answer. Rows without figures are left out.
    """
    known = [row for row in rows if row.p50 is not None]
    longest = max((row.worst or 0 for row in known), default=0)
    tick = step(longest, STEPS_MS)
    end = max(tick, -(-longest // tick) * tick)
    height = TOP + ROW * len(known) + BOTTOM
    bars = (part for at, row in enumerate(known) for part in _bar(at, row, end))
    parts = (*_grid(end, tick, height), *bars)
    return sheet((title, note), _in_words(known), STYLE, height, parts)


def _in_words(rows: Sequence[Row]) -> str:
    return "; ".join(f"{row.label} {row.p50} ms, 95th percentile {row.p95}" for row in rows)


def _x(ms: int, end: int) -> float:
    return round(LABELS + (WIDTH - LABELS - FIGURES) * max(0, ms) / end, 1)


def _grid(end: int, tick: int, height: int) -> list[str]:
    bottom = height - BOTTOM + 6
    parts = []
    for ms in range(0, end + 1, tick):
        x = _x(ms, end)
        line = "now" if ms == 0 else "grid"
        parts.append(f'<line class="{line}" x1="{x}" x2="{x}" y1="{TOP - 6}" y2="{bottom}"/>')
        parts.append(text(x, bottom + 18, f"{ms} ms" if ms else "end of speech", "quiet", "middle"))
    return parts


def _bar(at: int, row: Row, end: int) -> list[str]:
    p50, p95, worst = row.p50 or 0, row.p95 or 0, row.worst or 0
    y = TOP + ROW * at + (ROW - BAR) // 2
    baseline = y + BAR - 2
    zero, half, tail, last = (_x(ms, end) for ms in (0, p50, p95, worst))
    figures = f"{p50} / {p95}"
    return [
        text(LABELS - 12, baseline, row.label, anchor="end"),
        f'<rect class="tail" x="{zero}" y="{y}" width="{round(tail - zero, 1)}" height="{BAR}"/>',
        f'<rect class="half" x="{zero}" y="{y}" width="{round(half - zero, 1)}" height="{BAR}"/>',
        f'<line class="worst" x1="{last}" x2="{last}" y1="{y}" y2="{y + BAR}" stroke-width="2"/>',
        text(WIDTH - 16, baseline, figures, anchor="end"),
    ]
