"""A store with read documents in it, put there by the same functions as the service's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus import records
from corpus.database.store import Store
from corpus.document import Citation, Field, Fields, Page, Reading, Signature, SignatureState, Signer, SourceFile
from corpus.originals import content_store

Put = Callable[..., int]


def _field(value: str) -> Field | None:
    return Field(value, value, 0.97, rule="test") if value else None


@pytest.fixture
def put(store: Store) -> Put:
    """Receives and reads a document: its texts, page by page, and what its record says; returns its ID."""

    def made(
        *pages: str, number: str = "", date: str = "", kind: str = "", issuer: str = "", subject: str = "",
        signer: str = "", recipients: tuple[str, ...] = (), cites: tuple[str, ...] = (),
        signed: tuple[SignatureState, ...] = (),
    ) -> int:  # fmt: skip
        data = repr((pages, number, subject)).encode()
        sha256 = content_store.put_original(store, data)
        receipt = records.receive(
            store, sha256, "scan.pdf", "application/pdf", len(data), "clerk", auto_accept=True
        )
        fields = Fields(
            number=_field(number), date=_field(date), issuer=_field(issuer), doc_type=_field(kind),
            subject=_field(subject), signer=Signer(name=_field(signer)),
            recipients=tuple(field for value in recipients if (field := _field(value))),
        )  # fmt: skip
        texts = tuple(Page(at, "ocr", text) for at, text in enumerate(pages, 1))
        citations = tuple(Citation(f"Kế hoạch số {one}", "refers", "Kế hoạch", one) for one in cites)
        source = SourceFile("scan.pdf", sha256, "application/pdf", len(pages), len(data))
        signatures = tuple(Signature(state, "office", "Sở Y tế") for state in signed)
        records.propose(
            store, receipt.document_id, Reading(source, texts, fields, citations, signatures=signatures)
        )
        return receipt.document_id

    return made
