from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.applications import Decision, decided
from vivavoce.core.errors import Conflict, Invalid
from vivavoce.core.revisions import entity_tag, parse_if_match, require_revision
from vivavoce.core.session import ApplicationStatus


@given(st.integers(1, 10**9))
def test_a_tag_that_comes_back_allows_its_own_revision_only(revision: int) -> None:
    allowed = parse_if_match(entity_tag(revision))
    require_revision(revision, allowed)
    with pytest.raises(Conflict):
        require_revision(revision + 1, allowed)


def test_without_the_header_any_revision_may_be_changed() -> None:
    require_revision(7, parse_if_match(None))
    require_revision(7, parse_if_match(" * "))


def test_several_tags_allow_each_of_them_weak_ones_too() -> None:
    assert parse_if_match('"1", W/"22"') == frozenset({1, 22})


@given(st.text(max_size=30).filter(lambda text: '"' not in text and text.strip() != "*"))
def test_a_header_without_a_tag_is_refused(header: str) -> None:
    with pytest.raises(Invalid):
        parse_if_match(header)


@given(st.text(alphabet='W/"0123456789, ', max_size=12))
def test_any_header_is_read_or_refused(header: str) -> None:
    with suppress(Invalid):
        parse_if_match(header)


@given(st.sampled_from(ApplicationStatus), st.lists(st.sampled_from(Decision), max_size=6))
def test_whoever_has_withdrawn_stays_withdrawn_and_no_decision_starts_an_interview(
    status: ApplicationStatus, decisions: list[Decision]
) -> None:
    before = status
    for decision in decisions:
        try:
            after = decided(before, decision)
        except Conflict:
            after = before
        assert before is not ApplicationStatus.WITHDRAWN or after is before
        assert after is before or after not in {
            ApplicationStatus.SCHEDULED,
            ApplicationStatus.IN_PROGRESS,
            ApplicationStatus.COMPLETED,
        }
        before = after
