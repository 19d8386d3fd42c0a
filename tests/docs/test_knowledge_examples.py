"""The example of the knowledge page, run as one script against an installed server."""

import re
from pathlib import Path

from tests.docs.installed import installed

PAGE = (Path(__file__).parents[2] / "docs" / "knowledge.md").read_text("utf-8")


def test_documents_are_added_and_found_as_the_page_says(tmp_path: Path) -> None:
    (script,) = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    with installed(tmp_path) as installation:
        printed = installation.run(script).split()

    assert printed == ["txt", "copy.txt", "words", "documents"]
