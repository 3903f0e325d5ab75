"""The sentences of contradictions, in Vietnamese and English: facts, never accusations."""

from __future__ import annotations

WORDS = {
    "date_differs": (
        "Viện dẫn {name} ghi ngày {cited}, nhưng văn bản ấy ghi ngày {held}.",
        "{name} is cited with the date {cited}, but is dated {held}.",
    ),
    "type_differs": (
        "Viện dẫn {name} ghi loại {cited}, nhưng văn bản ấy ghi loại {held}.",
        "{name} is cited as {cited}, but is headed {held}.",
    ),
    "issuer_differs": (
        "Viện dẫn {name} ghi cơ quan {cited}, nhưng văn bản ấy ghi cơ quan {held}.",
        "{name} is cited as issued by {cited}, but names {held} as its issuer.",
    ),
    "cites_later_document": (
        "Văn bản này ghi ngày {cited}, viện dẫn {name} ghi ngày {held}.",
        "This document is dated {cited} and cites {name}, dated {held}.",
    ),
    "superseded_basis": (
        "Văn bản này ghi ngày {cited} và căn cứ {name}; {held} ghi thay thế, bãi bỏ hoặc thu hồi văn bản ấy.",
        "This document is dated {cited} and rests on {name}, which {held} says is replaced, repealed or withdrawn.",
    ),
    "number_reused": (
        "Số {cited} của cùng cơ quan, cùng năm (của Đảng: cùng nhiệm kỳ) cũng ghi trên văn bản {held}.",
        "The number {cited} of the same issuer and year (of the Party: term) also stands on document {held}.",
    ),
    "title_of_another": (
        "Viện dẫn {name} ghi trích yếu «{cited}», nhưng trích yếu ấy ghi trên {held}.",
        "{name} is cited with the subject “{cited}”, which stands on {held}.",
    ),
    "number_gap": (
        "Trong dãy số của cùng cơ quan, cùng năm, kho có {held} và {name} mà không có số {cited}.",
        "Of this issuer's numbers of the year the archive holds {held} and {name}, but not {cited}.",
    ),
    "body_not_there": (
        "Văn bản ghi ngày {held} và ghi cơ quan {cited}; theo bảng cơ quan, đơn vị hành chính, cơ quan ấy không tồn tại vào ngày đó.",
        "This document is dated {held} and names {cited} as its issuer; by the tables of bodies and units it did not exist on that day.",
    ),
}
"""Code → its sentence in Vietnamese and English; `cited` is this document's evidence, `held` the other's."""
BY_TABLE = (
    "Văn bản này ghi ngày {cited} và căn cứ {name}; theo bảng văn bản quy phạm pháp luật, {name} hết hiệu lực từ ngày {held}.",
    "This document is dated {cited} and rests on {name}, which by the table of laws is no longer in force from {held}.",
)
"""The sentence of a superseded basis by the table of laws; the archive need not have either document."""
FROM_MEMORY = (
    " Ngày hết hiệu lực ấy chưa được đối chiếu với văn bản: hãy kiểm tra trước khi kết luận.",
    " That day was read in no text: check it before you conclude anything.",
)
EXCEPTIONS = (" Lưu ý: {note}.", " Note: {note}.")
SIGNED = {
    "deputy": (
        "Người ký ghi chức vụ «{cited}» mà không ghi ký thay (KT.), thay mặt (TM.), thừa lệnh (TL.) hoặc thừa ủy quyền (TUQ.).",
        "The signer is “{cited}” and signs neither for the head (KT.), nor on behalf of the body (TM.), by order (TL.) or by authorisation (TUQ.).",
    ),
    "own_stead": (
        "Người ký ghi chức vụ «{cited}» và ký thay (KT.) chính chức vụ ấy.",
        "The signer is “{cited}” and signs for the holder of that same office (KT.).",
    ),
    "by_order": (
        "Chữ ký ghi «{cited}»: loại văn bản này không được ký thừa lệnh (TL.).",
        "The signature says “{cited}”: a document of this type can't be signed by order (TL.).",
    ),
}
"""The sentences of a signer beyond his authority, by what the signature says."""
