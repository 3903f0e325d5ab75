"""A store with read documents in it, put there by the same functions as the service's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import records
from corpus.config import Settings
from corpus.database.store import Store
from corpus.document import (
    Citation,
    Effective,
    Field,
    Fields,
    Page,
    Reading,
    Signature,
    SignatureState,
    Signer,
    SourceFile,
)
from corpus.originals import content_store
from tests.scenes import Scenes

Put = Callable[..., int]


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an empty store, with a cluster for the tests that need one."""
    on_cluster = request.node.get_closest_marker("cluster") is not None
    address = request.getfixturevalue("opensearch") if on_cluster else ""
    return Settings(
        _env_file=None, home=tmp_path / "home", opensearch_url=address, opensearch_replicas=0 if address else 1
    )


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    """Stores that are filled once; these are on SQLite."""
    return Scenes(tmp_path_factory.mktemp("scenes"), lambda: "")


def _field(value: str) -> Field | None:
    return Field(value, value, 0.97, rule="test") if value else None


@pytest.fixture
def put(store: Store) -> Put:
    """Receives and reads a document: its texts, page by page, and what its record says; returns its ID."""

    def made(
        *pages: str, number: str = "", date: str = "", kind: str = "", issuer: str = "", subject: str = "",
        signer: str = "", recipients: tuple[str, ...] = (), cites: tuple[str, ...] = (),
        signed: tuple[SignatureState, ...] = (), since: str = "", until: str = "", ends: tuple[str, ...] = (),
        ends_part_of: tuple[str, ...] = (),
    ) -> int:  # fmt: skip
        data = repr((pages, number, subject, since, until)).encode()
        sha256 = content_store.put_original(store, data)
        receipt = records.receive(
            store, sha256, "scan.pdf", "application/pdf", len(data), "clerk", auto_accept=True
        )
        fields = Fields(
            number=_field(number), date=_field(date), issuer=_field(issuer), doc_type=_field(kind),
            subject=_field(subject), signer=Signer(name=_field(signer)),
            recipients=tuple(field for value in recipients if (field := _field(value))),
            effective=Effective(_field(since), _field(until)),
        )  # fmt: skip
        texts = tuple(Page(at, "ocr", text) for at, text in enumerate(pages, 1))
        citations = tuple(Citation(f"Kế hoạch số {one}", "refers", "Kế hoạch", one) for one in cites)
        citations += tuple(Citation(f"bãi bỏ {one}", "repeals", None, one) for one in ends)
        citations += tuple(
            Citation(f"bãi bỏ Điều 3 {one}", "repeals", None, one, provision="Điều 3") for one in ends_part_of
        )
        source = SourceFile("scan.pdf", sha256, "application/pdf", len(pages), len(data))
        signatures = tuple(Signature(state, "office", "Sở Y tế") for state in signed)
        records.propose(
            store, receipt.document_id, Reading(source, texts, fields, citations, signatures=signatures)
        )
        return receipt.document_id

    return made
