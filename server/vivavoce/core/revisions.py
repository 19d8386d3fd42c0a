"""Optimistic concurrency: a change is made to what its author saw, or not at all."""

import re

from vivavoce.core.errors import Conflict, Invalid, Issue

# A cache in between may have turned the tag into a weak one; the number is the same.
_TAG = re.compile(r'(?:W/)?"(\d{1,18})"')


def entity_tag(revision: int) -> str:
    return f'"{revision}"'


def parse_if_match(header: str | None) -> frozenset[int] | None:
    """The revisions that the header allows; None allows any. Raises `Invalid` code `if_match`."""
    if header is None or header.strip() == "*":
        return None
    tags = [_TAG.fullmatch(part.strip()) for part in header.split(",")]
    if None in tags:
        issue = Issue(("If-Match",), 'It must be an ETag as it was received, such as "3".')
        raise Invalid("if_match", "The header If-Match cannot be read.", (issue,))
    return frozenset(int(tag[1]) for tag in tags if tag is not None)


def require_revision(current: int, allowed: frozenset[int] | None) -> None:
    """Raises `Conflict` code `changed_meanwhile`."""
    if allowed is not None and current not in allowed:
        raise Conflict("changed_meanwhile", "This has been changed meanwhile; read it again.")
