"""What the pictures of the benches share: a titled sheet for light and dark, and text on it."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

WIDTH, MOST_TICKS = 860, 8
STYLE = """
  .paper { fill: #ffffff } text { fill: #1d2530; font: 13px system-ui, sans-serif }
  .title { font-size: 16px; font-weight: 600 } .quiet { fill: #5b6675 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #14181f } text { fill: #e8ecf2 } .quiet { fill: #9aa6b5 }
  }
"""


def sheet(
    heading: tuple[str, str], in_words: str, style: str, height: int, parts: Iterable[str]
) -> str:
    """`heading` is a title and a note below it; `in_words` says it to who cannot see it."""
    title, note = heading
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(in_words)}</desc>",
        f"<style>{STYLE}{style}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
        text(16, 26, title, "title"),
        text(16, 46, note, "quiet"),
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    style = f' class="{kind}"' if kind else ""
    return f'<text{style} x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


def step(span: float, steps: Sequence[int]) -> int:
    """The first step of an axis that has few enough ticks over `span`."""
    return next((each for each in steps if span <= each * MOST_TICKS), steps[-1] * 2)
