"""Where a bench leaves the picture that it draws."""

from pathlib import Path

from vivavoce.cli.console import out

FOLDER = Path("bench-results")


def keep_picture(svg: str, name: str, as_json: Path | None) -> None:
    """Beside the figures where those are kept, else under its own name in `bench-results/`."""
    file = as_json.with_suffix(".svg") if as_json else FOLDER / f"{name}.svg"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(svg)
    out.print(f"Picture: {file}", soft_wrap=True)
