"""What the public page of a position shows, and in which language."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from vivavoce.core.languages import LANGUAGES, RIGHT_TO_LEFT, language_tag
from vivavoce.core.mail import MailKind
from vivavoce.services.consent_texts import consent_terms
from vivavoce.web.apply import texts

from tests.web.applicant import (
    Applicant,
    applications,
    mails,
    post_position,
    sentences,
)
from tests.web.served import Served, serve

FOLDER = Path(texts.__file__).parent / "languages"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """For what is refused and leaves no trace."""
    with serve(tmp_path_factory.mktemp("shared")) as made:
        post_position(made)
        yield made


@pytest.fixture
def stranger(shared: Served) -> Applicant:
    """Some time after the one before, so that no limit is theirs."""
    shared.world.clock.advance(3600)
    return Applicant(shared)


def test_the_page_tells_the_position_and_what_comes(stranger: Applicant) -> None:
    page = stranger.page()
    told = sentences(page)
    assert page.status_code == 200
    for words in ("Tide engineer", "Lantern Works", "Harbour workshop", "About 30 min", "code"):
        assert words in told
    assert "A person at Lantern Works reads your application" in told
    assert consent_terms("en").text.partition("\n")[0] in told


def test_the_page_needs_no_script_and_no_cookie_and_nobody_may_frame_it(
    stranger: Applicant,
) -> None:
    stranger.begin()
    for page in (stranger.page(), stranger.get(), stranger.page("x"), stranger.get("/apply/none")):
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:;")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "set-cookie" not in page.headers
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "same-origin"
        assert not re.findall(r"<script|<style|\sstyle=|\son\w+=", page.text)


def test_markup_in_a_posting_is_text_and_cannot_leave_its_place(shared: Served) -> None:
    hostile = "<script>alert(1)</script>\"'>{{ 7 * 7 }}{0.__class__}%s"
    slug = post_position(
        shared, template_name=hostile, description=hostile, description_long=hostile
    )["slug"]
    page = Applicant(shared, slug).page()
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "49" not in page.text


def test_a_cover_is_shown_from_its_own_host_alone(shared: Served) -> None:
    url = "https://img.example.org/cover.jpg"
    slug = post_position(shared, cover_image_url=url)["slug"]
    page = Applicant(shared, slug).page()
    assert f'src="{url}"' in page.text
    assert (
        "img-src 'self' data: https://img.example.org;" in page.headers["content-security-policy"]
    )
    plain = post_position(shared, cover_image_url="http://img.example.org/cover.jpg")["slug"]
    assert "img.example.org" not in Applicant(shared, plain).page().text


@pytest.mark.parametrize(
    ("visibility", "robots"), [("merchant_public", False), ("merchant_unlisted", True)]
)
def test_only_what_is_public_may_be_found(shared: Served, visibility: str, robots: bool) -> None:
    slug = post_position(shared, visibility=visibility, apply_mode="approval")["slug"]
    page = Applicant(shared, slug).page()
    assert page.status_code == 200
    assert ('content="noindex"' in page.text) is robots


def test_every_language_of_the_platform_has_its_file_and_no_other_has() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == LANGUAGES


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


SHARED = {"language.name", "fact.interview", "fact.format", "code.field", "form.email"}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_language_says_everything_with_the_same_facts(language: str) -> None:
    english, own = texts.texts("en"), json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    assert list(own) == list(english)
    assert {key: fields(text) for key, text in own.items()} == {
        key: fields(text) for key, text in english.items()
    }
    assert all(text.strip() == text and text for text in own.values())
    if language != "en":
        assert {key for key, text in own.items() if text == english[key]} <= SHARED


def test_somebody_applies_in_every_language(shared: Served) -> None:
    for language in sorted(LANGUAGES):
        shared.world.clock.advance(60)
        apply_in(shared, language)


def apply_in(shared: Served, language: str) -> None:
    robin, told = Applicant(shared), texts.texts(language)
    robin.form |= {"language": language, "email": f"robin-{language}@example.org"}
    page = robin.page(**{"accept-language": language_tag(language)})
    assert f'<html lang="{language_tag(language)}"' in page.text
    assert f'dir="{"rtl" if language in RIGHT_TO_LEFT else "ltr"}">' in page.text
    assert told["posting.apply"] in sentences(page)
    assert consent_terms(language).text.partition("\n")[0] in sentences(page)
    robin.address = robin.send(query=f"?lang={language}").headers["location"]
    assert told["code.heading"] in sentences(robin.get())
    mail = mails(shared, MailKind.CODE, most=1)[0]
    assert mail["language"] == language
    found = re.search(r"\d{6}", mail["subject"])
    assert found is not None
    robin.tell(found[0])
    assert told["done.waiting.heading"] in sentences(robin.get())
    assert applications(shared)[0]["consent"]["language"] == language


def test_the_address_wins_over_the_browser_and_the_browser_over_the_interview(
    shared: Served,
) -> None:
    slug = post_position(shared, language="fr")["slug"]
    robin = Applicant(shared, slug)
    assert 'lang="de"' in robin.page("?lang=de", **{"accept-language": "it"}).text
    assert 'lang="it"' in robin.page(**{"accept-language": "it, de;q=0.5"}).text
    assert '<html lang="fr"' in robin.page(**{"accept-language": "xx"}).text
    assert '<html lang="fr"' in robin.page("?lang=%00%3Cb%3E", **{"accept-language": ""}).text
