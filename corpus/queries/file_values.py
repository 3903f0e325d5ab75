"""Values of files (hồ sơ) as lists, pages and programs show them."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.files import codes


@dataclass(frozen=True, slots=True)
class Held:
    """The part of a file that a viewer sees: papers, their pages, the first and last of their days (ISO 8601)."""

    papers: int = 0
    pages: int = 0
    first: str | None = None
    last: str | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as lists and pages show it."""

    id: int
    year: int
    code: str
    heading: str
    title: str
    keeper: str
    organ_id: str
    retention: str
    years: int | None
    rights: str
    language: str
    description: str
    state: str
    ended_on: str | None
    kept_until: str | None
    submitted_on: str | None
    submitted_to: str
    revision: int
    held: Held = field(default_factory=Held)

    @property
    def full(self) -> str:
        """The code with its year."""
        return codes.full_code(self.year, self.code)


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A document in a file; `place` counts what the viewer sees, so that what is hidden leaves no gap."""

    place: int
    document_id: int
    number: str | None
    date: str | None
    doc_type: str | None
    subject: str | None
    issuer: str | None
    signer: str | None
    name: str
    status: str
    page_count: int
    first_page: int
    """Number of its first page when the pages of the file are counted through."""
    sha256: str
    media_type: str
    size: int

    @property
    def sheet(self) -> str:
        """Its pages in the file: `1`, or `1-3`."""
        last = self.first_page + max(self.page_count, 1) - 1
        return str(self.first_page) if last == self.first_page else f"{self.first_page}-{last}"


@dataclass(frozen=True, slots=True)
class FilingRule:
    """A rule of a file; empty: any."""

    id: int
    doc_type: str
    issuer: str
    words: str


@dataclass(frozen=True, slots=True)
class FilesWanted:
    """Filter of the list of files; None or empty: any."""

    year: int | None = None
    state: str = ""
    words: str = ""
