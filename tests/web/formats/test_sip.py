"""The package of a file by readers that are not ours: the METS schema, metsrw, and a walk of every link."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import metsrw
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from lxml import etree

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.originals import content_store
from corpus.queries.citations import EVERYTHING
from web.cli import vanban
from web.services import file_packages

SignIn = Callable[[str], FlaskClient]
M, X = "{http://www.loc.gov/METS/}", "{http://www.w3.org/1999/xlink}"
SCHEMA = Path(metsrw.__file__).parent / "resources" / "mets.xsd"
XLINK_STUB = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://www.w3.org/1999/xlink"
 targetNamespace="http://www.w3.org/1999/xlink"><xs:attribute name="type" type="xs:string"/>
 <xs:attribute name="href" type="xs:anyURI"/><xs:attribute name="role" type="xs:string"/>
 <xs:attribute name="arcrole" type="xs:string"/><xs:attribute name="title" type="xs:string"/>
 <xs:attribute name="show" type="xs:string"/><xs:attribute name="actuate" type="xs:string"/>
 <xs:attribute name="label" type="xs:string"/><xs:attribute name="from" type="xs:string"/>
 <xs:attribute name="to" type="xs:string"/>
 <xs:attributeGroup name="simpleLink"><xs:attribute ref="type" fixed="simple"/><xs:attribute ref="href"/>
 <xs:attribute ref="role"/><xs:attribute ref="arcrole"/><xs:attribute ref="title"/><xs:attribute ref="show"/>
 <xs:attribute ref="actuate"/></xs:attributeGroup><xs:attributeGroup name="extendedLink"/>
 <xs:attributeGroup name="locatorLink"/><xs:attributeGroup name="arcLink"/><xs:attributeGroup name="resourceLink"/>
 <xs:attributeGroup name="titleLink"/><xs:attributeGroup name="emptyLink"/></xs:schema>"""
"""The attributes of XLink that the METS schema imports from the web."""


class _Offline(etree.Resolver):  # type: ignore[misc]
    def resolve(self, url: str, _id: str, context: Any) -> Any:
        return self.resolve_string(XLINK_STUB, context) if "xlink" in url else None


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    """The METS schema of the Library of Congress, as metsrw carries it."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Offline())
    return etree.XMLSchema(etree.parse(str(SCHEMA), parser))


@pytest.fixture
def filed(filled: Store) -> Store:
    """A file with the plan and the directive, in that order, and a description that XML can't hold."""
    values = {"code": "01.TĐKT", "title": "Thi đua <&> khen thưởng", "organ_id": "H37.01", "description": "a\x0bb"}
    records.add_file(filled, 2022, values, "clerk")
    records.put_papers(filled, 1, [1, 2], "clerk")
    return filled


def unpacked(data: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert all(not name.startswith("/") and ".." not in name for name in archive.namelist())
        archive.extractall(folder)
    (root,) = folder.iterdir()
    return root


def package(store: Store, seen: Any = EVERYTHING) -> bytes:
    out = io.BytesIO()
    file_packages.write(store, 1, out, "clerk", seen)
    return out.getvalue()


def verify(mets: Path, schema: etree.XMLSchema) -> list[Path]:
    """Check a METS against its schema, every ID that it points to, and size and hash of every file; the files."""
    tree = etree.parse(str(mets))
    assert schema.validate(tree), schema.error_log
    root, found = tree.getroot(), []
    ids = {one.get("ID"): one for one in root.iter() if one.get("ID")}
    assert len(ids) == sum(one.get("ID") is not None for one in root.iter()), "an ID is given twice"
    for pointer in root.iter(f"{M}fptr"):
        assert ids[pointer.get("FILEID")].tag == f"{M}file"
    for part in root.iter(f"{M}div"):
        for name in (*part.get("DMDID", "").split(), *part.get("ADMID", "").split()):
            assert ids[name].tag in (f"{M}dmdSec", f"{M}amdSec")
    linked = [(one.getparent(), one) for one in root.iter(f"{M}FLocat")]
    linked += [(one, one) for one in root.iter(f"{M}mdRef")]
    for of, link in linked:
        data = (mets.parent / link.get(f"{X}href")).read_bytes()
        assert of.get("CHECKSUMTYPE") == "SHA-256" and of.get("CHECKSUM") == hashlib.sha256(data).hexdigest()
        assert int(of.get("SIZE")) == len(data)
        found.append(mets.parent / link.get(f"{X}href"))
    for link in root.iter(f"{M}mptr"):
        found += verify(mets.parent / link.get(f"{X}href"), schema)
    return found


def test_every_link_of_the_package_holds(filed: Store, schema: etree.XMLSchema, tmp_path: Path) -> None:
    root = unpacked(package(filed), tmp_path / "out")
    assert root.name.startswith("urn_H37.01_uuid_")
    listed = set(verify(root / "METS.xml", schema)) | {root / "METS.xml"}
    assert listed == {path for path in root.rglob("*") if path.is_file()}, "all that is packed is named"
    with filed.db.reading() as session:
        hashes = [session.get_one(Document, one).sha256 for one in (1, 2)]
    data = sorted((root / "representations/rep1/data").iterdir())
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in data] == hashes, "in the order of the file"
    assert [path.name for path in data] == ["0001_31-kh-ubnd.png", "0002_5-ct-ubnd.png"]
    readme = (root / "documentation/README.txt").read_text(encoding="utf-8")
    for said in ("Thông tư 05/2025/TT-BNV", "schemas/", "PDF/A", "chưa được ký số", "Số văn bản:   2"):
        assert said in readme


def test_metsrw_reads_the_hashes_and_events(filed: Store, tmp_path: Path) -> None:
    root = unpacked(package(filed), tmp_path / "out")
    premis = etree.parse(str(root / "representations/rep1/metadata/preservation/PREMIS_rep1.xml")).getroot()
    objects = [str(metsrw.plugins.premisrw.premis_to_data(one)) for one in premis.findall("{*}object")]
    assert len(objects) == 2 and all("'SHA-256'" in one and "'image/png'" in one for one in objects)
    events = [one.findtext("{*}eventType") for one in premis.findall("{*}event")]
    assert events.count("ingestion") == 2 and events.count("message digest calculation") == 2


def test_descriptions_bear_the_decrees_keys(filed: Store, tmp_path: Path) -> None:
    root = unpacked(package(filed), tmp_path / "out")
    ead = etree.parse(str(root / "metadata/descriptive/EAD.xml")).getroot()
    keys = {one.get("localtype"): one.findtext("{*}p") for one in ead.iter("{*}odd")}
    assert (keys["FileCatalog"], keys["FileNotation"], keys["DocTotal"]) == ("2022", "01.TĐKT", "2")
    assert keys["Maintenance"] == "Vĩnh viễn" and keys["Title"] == "Thi đua <&> khen thưởng"
    one = etree.parse(str(root / "representations/rep1/metadata/descriptive/EAD_doc_0001.xml")).getroot()
    told = {part.get("localtype"): part.findtext("{*}p") for part in one.iter("{*}odd")}
    assert (told["CodeNumber"], told["CodeNotation"], told["IssuedDate"]) == ("31", "KH-UBND", "2022-04-27")
    assert told["SignerInfo.FullName"] == "Nguyễn Văn A" and told["DocOrdinal"] == "1"


def test_an_original_that_was_changed_makes_no_package(filed: Store) -> None:
    with filed.db.reading() as session:
        sha256 = session.get_one(Document, 1).sha256
    path = content_store.original_path(filed, sha256)
    path.chmod(0o600)
    path.write_bytes(b"x")
    with pytest.raises(Problem) as caught:
        package(filed)
    assert caught.value.code == "original_missing"


def test_an_empty_file_is_a_valid_package(filed: Store, schema: etree.XMLSchema, tmp_path: Path) -> None:
    records.take_out_paper(filed, 1, "clerk")
    records.take_out_paper(filed, 2, "clerk")
    verify(unpacked(package(filed), tmp_path / "out") / "METS.xml", schema)


def test_the_page_the_call_and_the_command_give_it(
    filed: Store, sign_in: SignIn, settings: Settings, schema: etree.XMLSchema, tmp_path: Path
) -> None:
    for number, path in enumerate(("/ho-so/1/goi-sip.zip", "/api/files/1/sip")):
        answer = sign_in("auditor").get(path)
        assert answer.headers["Content-Disposition"].endswith("goi-sip-2022-01-tdkt.zip")
        verify(unpacked(answer.data, tmp_path / str(number)) / "METS.xml", schema)
        assert sign_in("reader").get(path).status_code == 403
    out, run = tmp_path / "a.zip", CliRunner()
    environment = {"VANBAN_HOME": str(settings.home)}
    args = ["export", "--format", "sip", "2022/01.TĐKT", "--output", str(out)]
    assert run.invoke(vanban, args, env=environment).exit_code == 0
    verify(unpacked(out.read_bytes(), tmp_path / "cli") / "METS.xml", schema)
    for wrong in (["export", "--format", "sip"], ["export", "--format", "csv", "1"]):
        caught = run.invoke(vanban, wrong, env=environment).exception
        assert isinstance(caught, Problem) and caught.code == "bad_request"
