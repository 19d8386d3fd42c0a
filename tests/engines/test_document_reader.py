import resource
from collections.abc import Callable

import pytest
from vivavoce.core.errors import VivavoceError
from vivavoce.core.knowledge import (
    MOST_CHARACTERS,
    MOST_DOCUMENT_BYTES,
    MOST_PAGES,
    DocumentKind,
    kind_of,
)
from vivavoce.engines.document_reader import ProcessDocumentReader
from vivavoce.engines.document_text import CPU_SECONDS

from tests.engines.documents import (
    CATALOG,
    FONT,
    archive,
    locked_pdf,
    page_tree,
    pdf,
    pdf_bomb,
    pdf_of,
    pdf_page,
    stream,
    word_body,
    word_bomb,
    word_document,
)


async def read(content: bytes, seconds: float = 60.0) -> tuple[str, ...]:
    return await ProcessDocumentReader(seconds).read(kind_of(content), content)


async def refusal(content: bytes, seconds: float = 60.0) -> str:
    with pytest.raises(VivavoceError) as refused:
        await read(content, seconds)
    assert refused.value.status == 422
    return refused.value.code


def seconds_of_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def word(inner: bytes) -> bytes:
    return archive(**{"word__document.xml": word_body(inner)})


def paragraph(text: bytes) -> bytes:
    return b"<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % text


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
async def test_of_a_word_document_all_is_read_that_is_shown_and_shown_once() -> None:
    stops = b"<w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr>"
    spoken = b"<w:t>From</w:t><w:tab/><w:t>to</w:t><w:br/><w:t xml:space='preserve'> now</w:t>"
    added = b"<w:ins><w:r><w:t>, added</w:t></w:r></w:ins>"
    removed = b"<w:del><w:r><w:delText>, removed</w:delText></w:r></w:del>"
    moved = b"<w:moveFrom><w:r><w:t>, moved</w:t></w:r></w:moveFrom>"
    field = b"<w:sdt><w:sdtContent>" + paragraph(b"A field of a form") + b"</w:sdtContent></w:sdt>"
    space = b"http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = b"<x:Choice>%s</x:Choice><x:Fallback>%s</x:Fallback>" % ((paragraph(b"Box"),) * 2)
    boxes = b"<x:AlternateContent xmlns:x='%s'>%s</x:AlternateContent>" % (space, box)
    cells = [paragraph(b"1") + paragraph(b"2"), b"<w:p/>", paragraph(b"3")]
    row = b"".join(b"<w:tc>%s</w:tc>" % cell for cell in cells)
    table = b"<w:tbl><w:tr>%s</w:tr></w:tbl>" % row
    first = b"<w:p>%s<w:r>%s</w:r>%s%s%s</w:p>" % (stops, spoken, added, removed, moved)
    content = word(first + field + boxes + table)
    (page,) = await read(content)
    assert page == "From\tto\n now, added\nA field of a form\nBox\n1\n2\t\t3"


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


def repeated_page(count: int, told: int) -> bytes:
    """One page that is there `count` times, where the document says that there are `told`."""
    contents = stream(b"BT /F1 11 Tf (again) Tj ET")
    return pdf_of([CATALOG, page_tree([5] * count, told), FONT, contents, pdf_page(4)])


def forms_in_forms() -> bytes:
    """Each form shows the next one many times, and that one does so again."""
    shown = b"/Subtype /Form /Resources << /XObject << /X %d 0 R >> >> "
    forms = [stream(b"/X Do " * 100, shown % number) for number in range(7, 27)]
    last = stream(b"BT (deep) Tj ET", b"/Subtype /Form ")
    first = pdf_page(4, b"/XObject << /X 6 0 R >> ")
    contents = stream(b"/X Do " * 100)
    return pdf_of([CATALOG, page_tree([5] * 100), FONT, contents, first, *forms, last])


ENTITY = b"<!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "an archive that says so": (lambda: word_bomb(500), "document_unreadable"),
    "an archive that lies": (lambda: word_bomb(500, declared=900), "document_unreadable"),
    "one that lies a little": (lambda: word_bomb(500, declared=2**25), "document_unreadable"),
    "blanks up to the limit": (lambda: word_bomb(63), "document_empty"),
    "paragraphs": (lambda: word(b"<w:p/>" * 2**22), "document_too_long"),
    "elements": (lambda: word(b"<w:p>" + b"<w:r/>" * 2**22 + b"</w:p>"), "document_unreadable"),
    "words": (lambda: word(paragraph(b"again") * 2**19), "document_too_long"),
    "a wide cell": (
        lambda: word(
            b"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='900000000'/></w:tcPr>"
            b"<w:p/></w:tc></w:tr></w:tbl>"
        ),
        "document_empty",
    ),
    "entities": (
        lambda: archive(**{"word__document.xml": ENTITY + word_body(b"<w:p/>")}),
        "document_unreadable",
    ),
    "a page": (lambda: pdf_bomb(500), "document_unreadable"),
    "a page of moderate size": (lambda: pdf_bomb(7), "document_unreadable"),
    "pages that are not counted": (lambda: repeated_page(100_000, 5), "document_unreadable"),
    "form feeds": (lambda: b"\f" * MOST_DOCUMENT_BYTES, "document_too_long"),
    "letters": (lambda: b"a" * MOST_DOCUMENT_BYTES, "document_too_long"),
}


@pytest.mark.anyio
@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_is_left_before_it_grows(name: str) -> None:
    make, code = BOMBS[name]
    content = make()
    assert len(content) <= MOST_DOCUMENT_BYTES
    before = seconds_of_children()
    assert await refusal(content) == code
    # Of the processor, so that it does not matter what else the machine does.
    assert seconds_of_children() - before < 2.0


@pytest.mark.anyio
async def test_what_is_slow_without_being_large_ends_with_its_time() -> None:
    before = seconds_of_children()
    assert await refusal(forms_in_forms()) in {"document_unreadable", "document_empty"}
    assert seconds_of_children() - before < CPU_SECONDS[DocumentKind.PDF] + 1.0


@pytest.mark.anyio
async def test_a_document_of_the_greatest_length_is_read() -> None:
    page = "\n".join(["The candidate kept a service boring for years."] * 80)
    assert len(await read(pdf(*[page] * MOST_PAGES))) == MOST_PAGES
    words = word(b"<w:p><w:r><w:t>Kept it boring.</w:t></w:r></w:p>" * 24_000)
    assert len((await read(words))[0]) == 24_000 * 16 - 1


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
