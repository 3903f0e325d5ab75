"""API of the registers (sổ văn bản): numbers given, reserved, cancelled; the register and its files."""

from __future__ import annotations

from typing import Any, Literal

from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus.errors import Problem
from corpus.queries import register_books
from corpus.queries import registers as book
from corpus.queries.registers import BookLine
from corpus.records import GivenNumber
from corpus.registers.books import BookTyped
from corpus.registers.entries import Remarks
from corpus.registers.numbers import Kind, State
from web import access
from web.api.documents import DocumentPath
from web.api.shapes import PROBLEMS, SECURITY, answer, of_kind
from web.formats import register_book
from web.services import registers

calls = APIBlueprint("api_registers", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)


class RegisterPath(BaseModel):
    """A register: `incoming`, `outgoing`, `internal`, or the code of one that the office keeps."""

    kind: str = Field(max_length=40)


class RegisterFilePath(RegisterPath):
    """A register as a file."""

    form: str = Field(max_length=10, description="pdf, xlsx or csv.")


class RegisterLinePath(RegisterPath):
    """A number of a register."""

    year: int = Field(ge=1945, le=2200)
    number: str = Field(max_length=20, description="12, or 12a of a late insertion.")


class RegisterFilters(BaseModel):
    """Year (this one) and filters of a register; what is not understood asks for all."""

    year: str = Field("", max_length=4)
    since: str = Field("", alias="from", max_length=10, description="First day, 27/4/2026 or ISO 8601.")
    until: str = Field("", alias="to", max_length=10, description="Last day.")
    body: str = Field("", max_length=300, description="Issuing body, in any of its spellings.")
    urgency: str = Field("", max_length=50)
    state: str = Field("", max_length=20)

    def asked(self, register: str) -> book.RegisterAsked:
        """The filters as the query takes them."""
        return registers.asked(registers.named(register), self.model_dump(by_alias=True))


class RegisterQuery(RegisterFilters):
    """A stretch of a register: behind a number, or before one; without either its end."""

    after: str = Field("", max_length=20)
    before: str = Field("", max_length=20)
    limit: int = Field(50, ge=1, le=500)


class RegisterFileQuery(RegisterFilters):
    """An output: the register itself, its summary or its list of documents."""

    what: Literal["so", "bao-cao", "muc-luc"] = "so"


class NumberShape(BaseModel):
    """A number of a register."""

    kind: Kind
    book: str = Field(alias="register", description="Code of the register; empty: that of the direction.")
    year: int
    number: str
    document: int | None
    state: State
    day: str

    @classmethod
    def of(cls, given: GivenNumber) -> NumberShape:
        """Make the model of a number."""
        return cls(
            kind=given.kind, register=given.register, year=given.year, number=given.number,
            document=given.document, state=given.state, day=given.day,
        )  # fmt: skip


class NumbersShape(BaseModel):
    """Several numbers."""

    numbers: list[NumberShape]


class LineShape(BaseModel):
    """A line of a register; `hidden`: its paper is limited to others, and only the number is shown."""

    kind: Kind
    book: str = Field(alias="register", description="Code of the register; empty: that of the direction.")
    year: int
    number: str
    day: str
    state: State
    reason: str | None
    document: int | None
    hidden: bool
    code: str | None = Field(description="The paper's own number and symbol.")
    date: str | None
    doc_type: str | None
    issuer: str | None
    subject: str | None
    urgency: str | None
    unit: str | None
    copies: int | None
    note: str | None
    by: str

    @classmethod
    def of(cls, line: BookLine) -> LineShape:
        """Make the model of a line."""
        return cls(**registers.as_json(line))


class RegisterShape(BaseModel):
    """A stretch of a register in its order, and the numbers to go on from."""

    kind: Kind
    book: str = Field(alias="register", description="Code of the register; empty: that of the direction.")
    year: int
    lines: list[LineShape]
    before: str | None
    after: str | None


class NumberAsked(BaseModel):
    """The register that a document is to be put into; `after`: late, behind this number."""

    kind: Kind
    book: str = Field(
        "",
        alias="register",
        max_length=40,
        description="Code of a register, or a direction's name; empty: by the registers' rules.",
    )
    after: str = Field("", max_length=20)
    year: int | None = Field(None, ge=1945, le=2200, description="Of a late insertion; this year without it.")
    day: str = Field("", max_length=10, description="Of a late insertion.")
    note: str = Field("", max_length=1000)


class Reservation(BaseModel):
    """Numbers to be reserved."""

    count: int = Field(1, ge=1, le=100)
    purpose: str = Field(min_length=1, max_length=1000)


class CancelReason(BaseModel):
    """Reason of a cancellation."""

    reason: str = Field(min_length=1, max_length=1000)


class Filled(BaseModel):
    """The document that gets a reserved number."""

    document: int = Field(ge=1, le=2**53)


class Moved(BaseModel):
    """The register that a number's paper is moved to, with the reason."""

    book: str = Field(alias="register", max_length=40, description="Code of a register, or a direction's name.")
    reason: str = Field(min_length=1, max_length=1000)


class BookAsked(BaseModel):
    """A register that the office keeps; types and senders apart by `;`."""

    name: str = Field(min_length=1, max_length=200)
    body: str = Field("", max_length=300, description="A body of ours; empty: the office as a whole.")
    types: str = Field("", max_length=4000)
    senders: str = Field("", max_length=4000, description="Kinds of senders, or first words of their names.")
    first_year: int | None = Field(None, ge=1945, le=2200)
    last_year: int | None = Field(None, ge=1945, le=2200)

    def typed(self) -> BookTyped:
        """The register as the store takes it."""
        return BookTyped(self.name, self.body, self.types, self.senders, (self.first_year, self.last_year))


class NewBook(BookAsked):
    """A register to be added."""

    kind: Kind


class BookPath(BaseModel):
    """A register that the office keeps, by its code."""

    code: str = Field(max_length=40)


class YearPath(RegisterPath):
    """A year of a register."""

    year: int = Field(ge=1945, le=2200)


class YearAct(BaseModel):
    """`begin` with `first`, `close`, or `reopen` with a reason."""

    act: Literal["begin", "close", "reopen"] = "close"
    first: int = Field(1, ge=1, le=9_999_999)
    reason: str = Field("", max_length=1000)


class BookShape(BaseModel):
    """A register in a year: what goes into it by itself, and how far it has come."""

    kind: Kind
    book: str = Field(
        alias="register", description="Code; empty: the register that the direction has without anybody's doing."
    )
    name: str
    body: str
    types: list[str]
    senders: list[str]
    first_year: int | None
    last_year: int | None
    year: int
    first: int
    last: int
    reserved: int
    closed: str | None = Field(description="Day of the closing.")


class BooksShape(BaseModel):
    """The registers of a year."""

    registers: list[BookShape]


class BooksQuery(BaseModel):
    """A year; this one for what is none."""

    year: str = Field("", max_length=4)


class RemarksShape(BaseModel):
    """Remarks of a clerk on a line."""

    unit: str = Field("", max_length=1000)
    copies: int | None = Field(None, ge=0, le=100_000)
    note: str = Field("", max_length=1000)


@calls.get("/api/registers/<kind>", responses={200: RegisterShape})
def register(path: RegisterPath, query: RegisterQuery) -> Any:
    """A stretch of a register, in its order."""
    wanted = query.asked(path.kind)
    after, before = registers.number_typed(query.after), registers.number_typed(query.before)
    found = book.page(access.store(), wanted, registers.sight(), query.limit, after=after, before=before)
    lines = [LineShape.of(one) for one in found.lines]
    ends = [str(one) if one is not None else None for one in (found.before, found.after)]
    made = RegisterShape(
        kind=wanted.kind, register=wanted.register, year=wanted.year, lines=lines, before=ends[0], after=ends[1]
    )  # fmt: skip
    return answer(made)


@calls.get("/api/registers/<kind>.<form>", responses={200: of_kind(*register_book.FORMS.values())})
def register_file(path: RegisterFilePath, query: RegisterFileQuery) -> Any:
    """A register as PDF or XLSX in the shape of Nghị định 30/2020/NĐ-CP, or as CSV."""
    return registers.as_file(path.form, query.asked(path.kind), query.what)


@calls.get("/api/registers/<kind>/<int:year>/<number>", responses={200: LineShape})
def line(path: RegisterLinePath) -> Any:
    """One line of a register."""
    return answer(LineShape.of(registers.shown(registers.line_of(path.kind, path.year, path.number))))


@calls.get("/api/documents/<int:document_id>/numbers", responses={200: NumbersShape})
def numbers(path: DocumentPath) -> Any:
    """The numbers that a document has or had in the registers."""
    found = access.document(path.document_id)
    held = [
        NumberShape(
            kind=one.kind, register=one.register, year=one.year, number=str(one.number), document=found.id,
            state=one.state, day=one.day
        )
        for one in book.of_document(access.store(), found.id)
    ]  # fmt: skip
    return answer(NumbersShape(numbers=held))


@calls.post("/api/documents/<int:document_id>/numbers", responses={200: NumberShape})
def give(path: DocumentPath, body: NumberAsked) -> Any:
    """Give a document the next number of this year's register; one that has a number keeps it."""
    which = registers.named(body.book or body.kind)
    if which.kind != body.kind:
        raise Problem("bad_value", field="register", value=body.book, why="cần một sổ cùng hướng")
    if body.after:
        made = registers.insert(path.document_id, which, body.after, body.year, body.day, body.note)
    else:
        made = registers.give(path.document_id, which, by_rules=not body.book)
    return answer(NumberShape.of(made))


@calls.post("/api/registers/<kind>/reserve", responses={200: NumbersShape})
def reserve(path: RegisterPath, body: Reservation) -> Any:
    """Reserve the next numbers for papers that are still to come."""
    made = registers.reserve(registers.named(path.kind), body.count, body.purpose)
    return answer(NumbersShape(numbers=[NumberShape.of(one) for one in made]))


@calls.post("/api/registers/<kind>/<int:year>/<number>/fill", responses={200: NumberShape})
def fill(path: RegisterLinePath, body: Filled) -> Any:
    """Give a reserved number to its document."""
    where = registers.line_of(path.kind, path.year, path.number)
    return answer(NumberShape.of(registers.fill(where, body.document)))


@calls.post("/api/registers/<kind>/<int:year>/<number>/cancel", responses={200: NumberShape})
def cancel(path: RegisterLinePath, body: CancelReason) -> Any:
    """Cancel a number, with the reason; it stays in the register."""
    where = registers.line_of(path.kind, path.year, path.number)
    return answer(NumberShape.of(registers.cancel(where, body.reason)))


@calls.post("/api/registers/<kind>/<int:year>/<number>/move", responses={200: NumberShape})
def move(path: RegisterLinePath, body: Moved) -> Any:
    """Move a number's paper to another register of its direction; the number stays as cancelled."""
    where = registers.line_of(path.kind, path.year, path.number)
    return answer(NumberShape.of(registers.move(where, body.book, body.reason)))


@calls.post("/api/registers/<kind>/<int:year>/<number>/restore", responses={200: NumberShape})
def restore(path: RegisterLinePath, body: CancelReason) -> Any:
    """Put a cancelled number in force again, with the reason."""
    where = registers.line_of(path.kind, path.year, path.number)
    return answer(NumberShape.of(registers.restore(where, body.reason)))


@calls.get("/api/registers", responses={200: BooksShape})
def books(query: BooksQuery) -> Any:
    """The registers of a year: that of each direction, and those that the office keeps."""
    return _books(registers.year_of(query.year))


@calls.post("/api/registers", responses={200: BooksShape})
def add_book(body: NewBook) -> Any:
    """Add a register with what goes into it by itself; its code is made of its name."""
    registers.add_book(body.kind, body.typed())
    return _books(registers.this_year())


@calls.post("/api/registers/<code>", responses={200: BooksShape})
def change_book(path: BookPath, body: BookAsked) -> Any:
    """Change name, body, rules and years of a register."""
    registers.change_book(path.code, body.typed())
    return _books(registers.this_year())


@calls.post("/api/registers/<code>/remove", responses={200: BooksShape})
def remove_book(path: BookPath) -> Any:
    """Remove a register that never had a number."""
    registers.remove_book(path.code)
    return _books(registers.this_year())


@calls.post("/api/registers/<kind>/<int:year>", responses={200: BooksShape})
def of_year(path: YearPath, body: YearAct) -> Any:
    """Begin a year of a register with a number, close it, or open it again."""
    registers.of_year(registers.named(path.kind), path.year, body.act, first=body.first, reason=body.reason)
    return _books(path.year)


def _books(year: int) -> Any:
    shown = [BookShape(**registers.book_json(one)) for one in register_books.books(access.store(), year)]
    return answer(BooksShape(registers=shown))


@calls.post("/api/registers/<kind>/<int:year>/<number>/remarks", responses={200: NumberShape})
def remark(path: RegisterLinePath, body: RemarksShape) -> Any:
    """Write unit, copies and note into the line of a number."""
    where = registers.line_of(path.kind, path.year, path.number)
    return answer(NumberShape.of(registers.remark(where, Remarks(body.unit, body.copies, body.note))))
