"""The page about applying: its example as one script, and its figures as they are."""

import re
from pathlib import Path

from vivavoce.core.applying import (
    CODE_LIFE,
    CODES_TO_ADDRESS,
    MOST_CODES,
    MOST_FAILURES,
    REQUEST_LIFE,
)
from vivavoce.core.template import ApplyMode
from vivavoce.web.rate_limits import APPLY, APPLY_FOR

from tests.docs.installed import installed

PAGE = (Path(__file__).parents[2] / "docs" / "applying.md").read_text("utf-8")
TOLD = " ".join(PAGE.split())
NUMBERS = {4: "four", 5: "five"}


def test_somebody_applies_and_is_invited_as_the_page_says(tmp_path: Path) -> None:
    (script,) = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    with installed(tmp_path) as installation:
        printed = installation.run(f"cd '{tmp_path}'\n{script}").split()

    assert printed == ["303", "de", "scheduled", "robin@example.org"]


def test_the_figures_are_the_ones_that_count() -> None:
    minutes, hours = CODE_LIFE.seconds // 60, int(REQUEST_LIFE.total_seconds()) // 3600
    assert f"good for {minutes} minutes and {NUMBERS[MOST_FAILURES]} attempts" in TOLD
    assert f"{NUMBERS[MOST_CODES]} in all" in TOLD
    assert f"mailed {NUMBERS[CODES_TO_ADDRESS]} codes an hour" in TOLD
    assert f"forgotten after {hours} hours" in TOLD
    gaps = [round(1 / limit.per_second) for limit in (APPLY, APPLY_FOR)]
    assert f"send {APPLY.burst} forms, then one every {gaps[0]} seconds" in TOLD
    assert f"takes {APPLY_FOR.burst}, then one every {gaps[1]} seconds" in TOLD


def test_every_mode_is_explained() -> None:
    assert not [mode for mode in ApplyMode if f"`{mode}`" not in PAGE]
