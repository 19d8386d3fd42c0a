"""The example of the pipeline page, run as one script against an installed server."""

import re
from pathlib import Path

from tests.docs.installed import installed

PAGE = (Path(__file__).parents[2] / "docs" / "pipeline.md").read_text("utf-8")


def test_the_pipeline_is_built_as_the_page_says(tmp_path: Path) -> None:
    (script,) = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    with installed(tmp_path) as installation:
        printed = installation.run(script).split()

    assert printed == ["2", "409", "0", "cancelled", "2", "technical"]
