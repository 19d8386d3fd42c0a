"""The tree keeps its promises: size of files, no unfinished marks, no broad excuses, no secrets."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONGEST_MODULE_LINES = 400
LARGEST_FILE_BYTES = 3_000_000


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns],  # noqa: S607 - whichever git made the clone
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def lines_that_match(pattern: str, *patterns: str) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked(*patterns)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if found.search(line)
    ]


def test_no_module_is_longer_than_it_can_be_read() -> None:
    modules = tracked("server/*.py", "embed_demo/*.py", "embed_demo/*.js", "widget/*.js")
    long = {
        str(path.relative_to(ROOT)): count
        for path in modules
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE_LINES
    }
    assert not long


def test_nothing_unfinished_is_in_the_tree() -> None:
    marks = r"\b(?:TO" + r"DO|FIX" + r"ME|NotImplement" + r"edError)\b"
    assert not lines_that_match(marks, "server/*.py", "widget/*.js", "embed_demo/*")


def test_no_handler_is_broader_than_it_can_act_on() -> None:
    assert not lines_that_match(r"except (?:Base)?Exception\b|except:", "server/*.py")


def test_no_lock_file_names_where_packages_came_from() -> None:
    assert not lines_that_match(r'"resolved": "http', "package-lock.json")
    assert not lines_that_match(r"https?://|^-e ", "constraints.txt")


def test_no_large_file_is_tracked() -> None:
    assert not [path.name for path in tracked() if path.stat().st_size > LARGEST_FILE_BYTES]
