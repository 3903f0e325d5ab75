"""The outside shape of a Reading (JSON of the contract) and the packed shape of a page's words."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from typing import Any

from corpus.document import (
    Box,
    Candidate,
    Citation,
    Field,
    Fields,
    Page,
    Reading,
    Signature,
    Statement,
    Warning,
    Word,
)
from corpus.record_fields import BY_NAME, RECORD_FIELDS, RecordField

Json = dict[str, Any]


def reading_to_json(reading: Reading) -> Json:
    """The contract's Reading."""
    source = reading.source
    return {
        "source": {
            "name": source.name,
            "sha256": source.sha256,
            "media_type": source.media_type,
            "pages": source.pages,
        },
        "pages": [page_to_json(page) for page in reading.pages],
        "fields": fields_to_json(reading.fields),
        "citations": [citation_to_json(citation) for citation in reading.citations],
        "signatures": [signature_to_json(signature) for signature in reading.signatures],
        "warnings": [{"code": w.code, "message": w.message, "page": w.page} for w in reading.warnings],
    }


def page_to_json(page: Page) -> Json:
    return {
        "number": page.number,
        "origin": page.origin,
        "rotation": page.rotation,
        "confidence": round(page.confidence, 4),
        "text": page.text,
    }


def citation_to_json(citation: Citation) -> Json:
    return {
        "printed": citation.printed,
        "doc_type": citation.doc_type,
        "number": citation.number,
        "date": citation.date,
        "issuer": citation.issuer,
        "title": citation.title,
        "provision": citation.provision,
        "relation": citation.relation,
        "page": citation.page,
        "boxes": boxes_to_json(citation.boxes),
        "confidence": round(citation.confidence, 4),
        "review": citation.review,
    }


def signature_to_json(signature: Signature) -> Json:
    """One of the contract's `signatures`."""
    return {
        "state": signature.state,
        "role": signature.role,
        "name": signature.name,
        "organization": signature.organization,
        "unit": signature.unit,
        "time": signature.time,
        "time_source": signature.time_source,
        "covers_whole": signature.covers_whole,
        "changes": list(signature.changes),
        "page": signature.page,
        "boxes": boxes_to_json(signature.boxes),
    }


def signature_from_json(data: Json) -> Signature:
    """Inverse of `signature_to_json`."""
    return Signature(**{**data, "changes": tuple(data["changes"]), "boxes": boxes_from_json(data["boxes"])})


def fields_to_json(fields: Fields) -> Json:
    """The contract's `fields`."""
    data: Json = {}
    for field in RECORD_FIELDS:
        *parents, last = field.json
        within = data
        for parent in parents:
            within = within.setdefault(parent, {})
        value = field.of(fields)
        within[last] = [field_to_json(item) for item in value] if field.kind == "many" else field_to_json(value)
    return data


def fields_from_json(data: Json) -> Fields:
    """Inverse of `fields_to_json`, equal to the last field."""
    return with_values(Fields(), {field.name: _value_in(data, field) for field in RECORD_FIELDS})


def _value_in(data: Json, field: RecordField) -> Field | tuple[Field, ...] | None:
    found: Any = data
    for key in field.json:
        found = (found or {}).get(key)
    return _many(found) if field.kind == "many" else field_from_json(found)


def with_values(fields: Fields, values: dict[str, Any]) -> Fields:
    """The fields with the values put in, by the flat names of corpus.record_fields; of `many` a tuple."""
    whole: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        first, *rest = BY_NAME[name].path
        if rest:
            parts.setdefault(first, {})[rest[0]] = value
        else:
            whole[first] = value
    return replace(
        fields, **whole, **{name: replace(getattr(fields, name), **said) for name, said in parts.items()}
    )


def field_to_json(field: Field | None) -> Json | None:
    if field is None:
        return None
    data: Json = {
        "value": field.value,
        "printed": field.printed,
        "confidence": round(field.confidence, 4),
        "review": field.review,
        "page": field.page,
        "boxes": boxes_to_json(field.boxes),
        "rule": field.rule,
    }
    if field.candidates:
        data["candidates"] = [{"value": c.value, "confidence": round(c.confidence, 4)} for c in field.candidates]
    return data


def field_from_json(data: Json | None) -> Field | None:
    if data is None:
        return None
    return Field(
        value=data["value"],
        printed=data["printed"],
        confidence=data["confidence"],
        review=data["review"],
        page=data["page"],
        boxes=boxes_from_json(data["boxes"]),
        rule=data["rule"],
        candidates=tuple(Candidate(c["value"], c["confidence"]) for c in data.get("candidates", ())),
    )


def boxes_to_json(boxes: tuple[Box, ...]) -> list[list[float]]:
    return [[round(edge, 4) for edge in (box.left, box.top, box.right, box.bottom)] for box in boxes]


def boxes_from_json(data: list[list[float]]) -> tuple[Box, ...]:
    return tuple(Box(*edges) for edges in data)


def pack_words(words: tuple[Word, ...]) -> bytes:
    """Words as compressed rows of start, end, four edges in 1/10,000 of the page, confidence in percent."""
    rows = [
        [w.start, w.end, *(round(e * 10_000) for e in (w.box.left, w.box.top, w.box.right, w.box.bottom)),
        round(w.confidence * 100)]
        for w in words
    ]  # fmt: skip
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode())


def unpack_words(packed: bytes) -> tuple[Word, ...]:
    """Inverse of `pack_words`."""
    rows = json.loads(zlib.decompress(packed))
    return tuple(
        Word(start, end, Box(left / 1e4, top / 1e4, right / 1e4, bottom / 1e4), confidence / 100)
        for start, end, left, top, right, bottom, confidence in rows
    )


def _many(data: list[Json] | None) -> tuple[Field, ...]:
    return tuple(field for item in data or () if (field := field_from_json(item)) is not None)


def statements_to_json(statements: tuple[Statement, ...]) -> list[Json]:
    return [{"subject": s.subject, "relation": s.relation, "object": s.object} for s in statements]


def warnings_from_json(data: list[Json]) -> tuple[Warning, ...]:
    return tuple(Warning(item["code"], item["message"], item["page"]) for item in data)
