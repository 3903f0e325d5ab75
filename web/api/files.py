"""API of files (hồ sơ): the year's list, papers, rules, tables of contents, packages for the archive."""

from __future__ import annotations

from typing import Any, Literal

from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from corpus.queries import files as queries
from web import access
from web.api.documents import Window
from web.api.file_shapes import (
    FileList,
    FileShape,
    FileState,
    Identifier,
    RuleShape,
    WholeFile,
    file_shape,
    paper_shape,
)
from web.api.shapes import PROBLEMS, SECURITY, answer, of_kind
from web.formats import sip, tables
from web.services import files

calls = APIBlueprint("api_files", __name__, abp_responses=PROBLEMS, abp_security=SECURITY)

_ID = Field(ge=1, le=2**53)
_FORM = Literal["csv", "xlsx"]


class FilePath(BaseModel):
    """A file by its ID."""

    file_id: int = _ID


class FileFormPath(FilePath):
    """The table of contents of a file, and its form."""

    form: _FORM


class FormPath(BaseModel):
    """The form of a list of files."""

    form: _FORM


class FilesFilter(BaseModel):
    """Filter of the list of files."""

    year: str = Field("", max_length=4)
    state: FileState | Literal[""] = ""
    q: str = Field("", max_length=200, description="Words of code, title, heading or keeper.")


class FilesQuery(FilesFilter, Window):
    """A stretch of the list of files."""


class FileFields(BaseModel):
    """Fields of a file; one that is left out does not change."""

    code: str | None = Field(None, max_length=100)
    title: str | None = Field(None, max_length=1000)
    heading: str | None = Field(None, max_length=500)
    keeper: str | None = Field(None, max_length=500)
    retention: str | None = Field(None, max_length=50, description="Code of a row of the table of retention.")
    years: str | None = Field(None, max_length=20, description="Years; `vĩnh viễn` or empty: for ever.")
    organ_id: str | None = Field(None, max_length=100)
    rights: str | None = Field(None, max_length=100)
    language: str | None = Field(None, max_length=100)
    description: str | None = Field(None, max_length=1000)


class NewFile(FileFields):
    """A file to be made."""

    year: int = Field(ge=1900, le=2999)
    code: str = Field(min_length=1, max_length=100)
    title: str = Field(min_length=1, max_length=1000)


class FileChange(FileFields):
    """One act on a file."""

    act: Literal["edit", "close", "reopen", "arrange", "retain"]
    day: str = Field("", max_length=40, description="close: the day on which the work ended; empty: today.")
    reason: str = Field("", max_length=1000, description="reopen, retain: the reason.")
    revision: int | None = None


class PapersToPut(BaseModel):
    """Documents to be put into a file."""

    documents: list[Identifier] = Field(min_length=1, max_length=1000)
    move: bool = Field(False, description="Take them out of other open files.")


class PaperToTake(BaseModel):
    """A document to be taken out of its file."""

    document: int = _ID


class RuleChange(BaseModel):
    """Add a rule, remove one, or file by all of them what is on record."""

    act: Literal["add", "remove", "apply"]
    rule: int | None = Field(None, ge=1, le=2**53)
    doc_type: str = Field("", max_length=200)
    issuer: str = Field("", max_length=300)
    words: str = Field("", max_length=300)


class Filed(BaseModel):
    """The number of documents that came into a file."""

    filed: int


@calls.get("/api/files", responses={200: FileList})
def list_files(query: FilesQuery) -> Any:
    """Files in the order of the year's list."""
    wanted = files.asked(query.model_dump())
    lines, total = queries.catalogue(access.store(), wanted, access.seen(), query.limit, query.offset)
    return answer(FileList(total=total, files=[file_shape(one) for one in lines]))


@calls.post("/api/files", responses={200: FileShape})
def add_file(body: NewFile) -> Any:
    """Make a file."""
    return answer(file_shape(files.line(files.add(body.model_dump()))))


@calls.get("/api/files/<int:file_id>", responses={200: WholeFile})
def show_file(path: FilePath, query: Window) -> Any:
    """A file with a stretch of its papers."""
    found = files.line(path.file_id)
    papers = queries.papers(access.store(), path.file_id, access.seen(), query.limit, query.offset)
    rules = queries.rules(access.store(), path.file_id) if access.may("api_files.change_rules") else []
    shapes = [RuleShape(id=one.id, doc_type=one.doc_type, issuer=one.issuer, words=one.words) for one in rules]
    whole = WholeFile(file=file_shape(found), contents=[paper_shape(one) for one in papers], rules=shapes)
    return answer(whole)


@calls.post("/api/files/<int:file_id>", responses={200: FileShape})
def change_file(path: FilePath, body: FileChange) -> Any:
    """Edit a file, close it, open it again, number its papers by their days, set another retention."""
    values = body.model_dump(exclude_none=True)
    files.change(path.file_id, body.act, values, body.revision)
    return answer(file_shape(files.line(path.file_id)))


@calls.post("/api/files/<int:file_id>/papers", responses={200: Filed})
def put_papers(path: FilePath, body: PapersToPut) -> Any:
    """Put documents into a file, all or none."""
    return answer(Filed(filed=files.put(path.file_id, body.documents, move=body.move)))


@calls.post("/api/files/papers/remove", responses={200: Filed})
def take_out_paper(body: PaperToTake) -> Any:
    """Take a document out of its open file."""
    files.take_out(body.document)
    return answer(Filed(filed=0))


@calls.post("/api/files/<int:file_id>/rules", responses={200: Filed})
def change_rules(path: FilePath, body: RuleChange) -> Any:
    """Add a rule of a file, remove one, or file by all of them what is on record."""
    return answer(Filed(filed=files.change_rules(path.file_id, body.act, body.model_dump())))


@calls.get("/api/files/<int:file_id>/contents.<form>", responses={200: of_kind(*tables.FORMS.values())})
def contents(path: FileFormPath) -> Any:
    """The table of contents of a file (mục lục văn bản), for a spreadsheet."""
    return files.contents_file(path.file_id, path.form)


@calls.get("/api/files.<form>", responses={200: of_kind(*tables.FORMS.values())})
def catalogue(path: FormPath, query: FilesFilter) -> Any:
    """The list of files (danh mục hồ sơ), for a spreadsheet."""
    return files.list_file("catalogue", path.form, files.asked(query.model_dump()))


@calls.get("/api/files/<int:file_id>/sip", responses={200: of_kind(sip.MEDIA_TYPE)})
def package(path: FilePath) -> Any:
    """The package of a file for the archive (SIP), with the papers that the caller may see."""
    return files.package(path.file_id)
