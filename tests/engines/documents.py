"""Documents in their true formats, made on the spot."""

import io
import struct
import zipfile
import zlib

import docx
from pypdf import PdfReader, PdfWriter

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf(*pages: str, before: bytes = b"") -> bytes:
    """Each page shows its lines in Helvetica."""
    objects, kids = [CATALOG, b"", FONT], list[int]()
    for text in pages:
        lines = "".join(f"({line}) Tj 0 -14 Td " for line in text.split("\n"))
        objects.append(stream(f"BT /F1 11 Tf 50 750 Td {lines}ET".encode("latin-1")))
        objects.append(pdf_page(len(objects)))
        kids.append(len(objects))
    objects[1] = page_tree(kids)
    return pdf_of(objects, before)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    told = b"<< /Length %d %s>>" % (len(content), entries)
    return b"%s\nstream\n%s\nendstream" % (told, content)


def pdf_page(contents: int, resources: bytes = b"") -> bytes:
    told = b"/Resources << /Font << /F1 3 0 R >> %s>>" % resources
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R %s >>"
    return page % (contents, told)


def page_tree(kids: list[int], count: int | None = None) -> bytes:
    """`count` is what it says of their number, if that is not the truth."""
    told = b" ".join(b"%d 0 R" % number for number in kids)
    total = len(kids) if count is None else count
    return b"<< /Type /Pages /Kids [%s] /Count %d >>" % (told, total)


def pdf_of(objects: list[bytes], before: bytes = b"") -> bytes:
    """The first object is the catalog."""
    written = bytearray(before + b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    xref = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % xref)


def locked_pdf(text: str, password: str) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf(text))))
    writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word_document(*paragraphs: str, table: tuple[str, ...] = ()) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        cells = document.add_table(1, len(table)).rows[0].cells
        for cell, text in zip(cells, table, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def word_body(inner: bytes) -> bytes:
    """The XML of a Word document."""
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return b'<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (space, inner)


def deflated(mebibytes: int, begin: bytes = b"", end: bytes = b"") -> tuple[bytes, int]:
    """Raw deflate data of `begin`, as many MiB of blanks, and `end`; and the CRC of all that.

    The packed blanks of one MiB are repeated, which is quicker than packing them all.
    """
    blanks = b" " * 2**20
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    head = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
    one = packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = zlib.crc32(begin)
    for _ in range(mebibytes):
        crc = zlib.crc32(blanks, crc)
    return head + one * mebibytes + packer.compress(end) + packer.flush(), zlib.crc32(end, crc)


def word_bomb(mebibytes: int, declared: int | None = None) -> bytes:
    """A small archive whose document unpacks to that much; its headers say so, or `declared`."""
    begin, end = word_body(b"\n").split(b"\n")
    packed, crc = deflated(mebibytes, begin, end)
    size = len(begin) + mebibytes * 2**20 + len(end) if declared is None else declared
    made = bytearray(archive(word__other=b"", **{"word__document.xml": b""}))
    name = b"word/document.xml"
    local = made.index(b"PK\x03\x04", 1)  # of the second member
    about = struct.pack("<HHHIII", zipfile.ZIP_DEFLATED, 0, 0x21, crc, len(packed), size)
    made[local + 8 : local + 26] = about
    after = local + 30 + len(name)
    central = made.index(b"PK\x01\x02", made.index(b"PK\x01\x02") + 1)
    made[central + 10 : central + 28] = about
    directory = made.index(b"PK\x01\x02")
    stored = directory - after  # what an empty member takes when it is packed
    made[after:directory] = packed
    end_record = made.index(b"PK\x05\x06", after + len(packed))
    (begins,) = struct.unpack_from("<I", made, end_record + 16)
    struct.pack_into("<I", made, end_record + 16, begins + len(packed) - stored)
    return bytes(made)


def pdf_bomb(mebibytes: int) -> bytes:
    """One page, the instructions of which unpack to that much."""
    packed, _ = deflated(mebibytes)
    check = 1
    for _ in range(mebibytes):
        check = zlib.adler32(b" " * 2**20, check)
    contents = stream(b"\x78\xda" + packed + struct.pack(">I", check), b"/Filter /FlateDecode ")
    return pdf_of([CATALOG, page_tree([5]), FONT, contents, pdf_page(4)])
