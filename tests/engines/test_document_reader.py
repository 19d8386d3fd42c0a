import zlib

import pytest
from vivavoce.core.errors import VivavoceError
from vivavoce.core.knowledge import MOST_CHARACTERS, MOST_PAGES, kind_of
from vivavoce.engines.document_reader import ProcessDocumentReader

from tests.engines.documents import archive, locked_pdf, pdf, word_document

BOMB_BYTES = 200 * 1024 * 1024


async def read(content: bytes, seconds: float = 60.0) -> tuple[str, ...]:
    return await ProcessDocumentReader(seconds).read(kind_of(content), content)


async def refusal(content: bytes, seconds: float = 60.0) -> str:
    with pytest.raises(VivavoceError) as refused:
        await read(content, seconds)
    assert refused.value.status == 422
    return refused.value.code


@pytest.mark.anyio
async def test_the_pages_of_a_pdf_are_read_one_by_one() -> None:
    pages = await read(pdf("I led the\nbilling team.", "Second page.", before=b"\n\n"))
    assert [" ".join(page.split()) for page in pages] == [
        "I led the billing team.",
        "Second page.",
    ]


@pytest.mark.anyio
async def test_paragraphs_and_tables_of_a_word_document_are_read_in_their_order() -> None:
    assert await read(word_document("Skills", table=("Go", "SQL"))) == ("Skills\nGo\tSQL",)


@pytest.mark.anyio
async def test_plain_text_has_a_page_for_each_form_feed() -> None:
    assert await read("\ufeffGrüße\fzwei".encode()) == ("Grüße", "zwei")


@pytest.mark.anyio
async def test_a_locked_pdf_says_that_it_is_locked() -> None:
    assert await refusal(locked_pdf("secret", "key")) == "document_encrypted"


@pytest.mark.anyio
async def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    assert "open" in (await read(locked_pdf("open", "")))[0]


@pytest.mark.anyio
@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\nnothing else",
        pdf("A whole document")[:120],
        b"PK\x03\x04 and then nothing of an archive",
        word_document("Cut off")[:-400],
    ],
    ids=["a mark alone", "half a pdf", "no archive", "half an archive"],
)
async def test_a_damaged_file_is_refused(content: bytes) -> None:
    assert await refusal(content) in {"document_unreadable", "document_empty"}


@pytest.mark.anyio
async def test_an_archive_that_is_no_word_document_is_refused() -> None:
    assert await refusal(archive(notes=b"hello")) == "document_type"


@pytest.mark.anyio
async def test_an_archive_that_unpacks_to_more_than_it_should_is_not_unpacked() -> None:
    content = archive(word__document=b"", **{"word__document.xml": bytes(BOMB_BYTES)})
    assert len(content) < 1_000_000
    assert await refusal(content) == "document_unreadable"


@pytest.mark.anyio
async def test_a_stream_that_unpacks_to_more_than_there_is_memory_for_is_refused() -> None:
    packed = zlib.compress(bytes(BOMB_BYTES * 2), 9)
    whole = pdf("bomb")
    begin, end = whole.index(b"<< /Length"), whole.index(b"\nendstream")
    header = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    content = whole[:begin] + header + packed + whole[end:]
    assert await refusal(content) in {"document_unreadable", "document_empty"}


@pytest.mark.anyio
async def test_whoever_takes_too_long_is_ended() -> None:
    assert await refusal(pdf("slow"), seconds=0.001) == "document_unreadable"


@pytest.mark.anyio
async def test_a_document_is_refused_by_its_pages_its_length_and_its_emptiness() -> None:
    assert await refusal(pdf(*["page"] * (MOST_PAGES + 1))) == "document_too_long"
    assert await refusal(b"x" * (MOST_CHARACTERS + 1)) == "document_too_long"
    assert await refusal(pdf("")) == "document_empty"
    assert await refusal(b" \n ") == "document_empty"


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xfeh\x00i\x00", b"MZ\x90\x00\x03", b"bell \x07"],
)
def test_a_file_is_what_it_contains_and_not_what_it_is_called(content: bytes) -> None:
    with pytest.raises(VivavoceError) as refused:
        kind_of(content)
    assert refused.value.code == "document_type"
