"""Every way it can fail: code, HTTP status, exit code, and the sentence that the person reads.

A sentence says what happened and what to do; `{name}` and the like are filled in from the Problem's facts.
README lists every code; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the catalogue. `exit_code` 1: this input was refused or the system could not; 2: the call was wrong."""

    code: str
    status: int
    exit_code: int
    vi: str
    en: str


_ROWS = (
    # At the door: decided from the first bytes, nothing is kept.
    Fault("empty_file", 422, 1, "Tệp «{name}» rỗng (0 byte). Hãy quét hoặc tải lại.", "File “{name}” is empty."),
    Fault("too_large", 413, 1, "Tệp «{name}» lớn hơn mức cho phép ({limit}). Hãy tách thành nhiều tệp.", "File “{name}” is over the limit of {limit}."),
    Fault("unknown_type", 415, 1, "Tệp «{name}» không phải PDF, TIFF, PNG, JPEG, DOCX, TXT, MD hay ZIP. Hãy chuyển sang PDF rồi tải lại.", "File “{name}” is not a PDF, TIFF, PNG, JPEG, DOCX, TXT, MD or ZIP."),
    Fault("type_mismatch", 415, 1, "Tệp «{name}» mang đuôi {extension} nhưng nội dung là {found}. Hãy đổi đúng đuôi tệp rồi tải lại.", "File “{name}” ends in {extension} but holds {found}."),
    # While it is opened: decided by a child process.
    Fault("truncated", 422, 1, "Tệp «{name}» bị cắt cụt hoặc hỏng, không đọc được trọn vẹn. Hãy quét hoặc chép lại từ bản gốc.", "File “{name}” is truncated or damaged."),
    Fault("encrypted", 422, 1, "Tệp «{name}» có mật khẩu. Hãy gỡ mật khẩu rồi tải lại.", "File “{name}” needs a password."),
    Fault("no_pages", 422, 1, "Tệp «{name}» không có trang nào. Hãy kiểm tra lại tệp gốc.", "File “{name}” has no pages."),
    Fault("too_many_pages", 422, 1, "Tệp «{name}» có {pages} trang, quá giới hạn {limit}. Hãy tách thành nhiều tệp.", "File “{name}” has {pages} pages, over the limit of {limit}."),
    Fault("too_many_pixels", 422, 1, "Ảnh trong tệp «{name}» quá lớn ({pixels} điểm ảnh, giới hạn {limit}). Hãy quét lại ở 300 dpi.", "An image in “{name}” has {pixels} pixels, over the limit of {limit}."),
    Fault("unsafe_content", 422, 1, "Tệp «{name}» chứa nội dung không an toàn ({what}). Hãy in ra PDF thường rồi tải lại.", "File “{name}” holds unsafe content ({what})."),
    Fault("too_few_lines", 422, 1, "Mới có {count} số viết tay đã xác nhận, cần ít nhất {least} để học.", "Only {count} handwritten lines are confirmed; learning needs at least {least}."),
    Fault("unsafe_archive", 422, 1, "Gói ZIP «{name}» không an toàn ({what}). Hãy giải nén rồi tải từng tệp.", "Archive “{name}” is unsafe ({what})."),
    Fault("classified", 451, 1, "Tệp «{name}» mang dấu mật ({mark}): hệ thống không được lưu. Không có gì được giữ lại; hãy báo người phụ trách bảo mật.", "File “{name}” bears a secrecy mark ({mark}); nothing of it was kept."),
    Fault("other_file", 422, 1, "Tệp «{name}» không phải tệp đã bị từ chối. Hãy chọn lại đúng tệp đó, nội dung y nguyên.", "File “{name}” is not the one that was refused; choose that very file again."),
    Fault("reader_crashed", 422, 1, "Không đọc được tệp «{name}»: bộ đọc dừng đột ngột. Bản gốc vẫn được giữ; bấm «Thử lại» hoặc nhập tay.", "The reader stopped on “{name}”; the original is kept."),
    Fault("reader_timeout", 422, 1, "Không đọc được tệp «{name}» trong thời gian cho phép. Bản gốc vẫn được giữ; bấm «Thử lại» hoặc tách nhỏ tệp.", "Reading “{name}” took too long; the original is kept."),
    Fault("reader_memory", 422, 1, "Tệp «{name}» cần quá nhiều bộ nhớ để đọc. Bản gốc vẫn được giữ; hãy quét lại ở độ phân giải thấp hơn.", "Reading “{name}” needs too much memory; the original is kept."),
    # The system.
    Fault("ocr_missing", 503, 1, "Chưa có Tesseract hoặc dữ liệu tiếng Việt. Cài gói tesseract-ocr và tesseract-ocr-vie rồi thử lại.", "Tesseract or its Vietnamese data is missing: install tesseract-ocr and tesseract-ocr-vie."),
    Fault("store_missing", 503, 1, "Chưa có kho ở «{home}». Chạy script/server hoặc «vanban user add» để tạo.", "There is no store at “{home}”."),
    Fault("store_newer", 503, 3, "Kho ở «{home}» thuộc phiên bản mới hơn ({version}). Hãy cập nhật phần mềm.", "The store at “{home}” is of a newer version ({version}); update the program."),
    Fault("store_not_empty", 409, 2, "Kho ở «{home}» đã có dữ liệu; chỉ khôi phục được vào kho trống.", "The store at “{home}” holds data; restore needs an empty one."),
    Fault("bad_backup", 422, 1, "Tệp sao lưu «{name}» hỏng hoặc thiếu ({what}); không có gì bị thay đổi.", "Backup “{name}” is damaged or incomplete ({what}); nothing was changed."),
    Fault("store_busy", 503, 1, "Kho đang bận. Chờ vài giây rồi thử lại; không có gì bị mất.", "The store is busy; try again in a few seconds."),
    Fault("disk_full", 507, 1, "Hết chỗ trên đĩa: tệp «{name}» chưa được nhận. Dọn chỗ rồi gửi lại.", "The disk is full: “{name}” was not taken."),
    Fault("original_missing", 500, 1, "Bản gốc của văn bản {document} không còn hoặc đã bị đổi. Chạy «vanban check» và khôi phục từ bản sao lưu.", "The original of document {document} is missing or changed."),
    Fault("originals_unreachable", 503, 1, "Chưa liên lạc được với nơi giữ bản gốc. Thử lại sau ít phút; không có gì bị mất.", "Where originals are kept can't be reached; try again in a few minutes."),
    Fault("index_unusable", 503, 1, "Chỉ mục tìm kiếm đang được dựng lại. Thử lại sau ít phút.", "The search index is being rebuilt."),
    # The call.
    Fault("not_found", 404, 1, "Không tìm thấy «{what}».", "“{what}” was not found."),
    Fault("ambiguous", 409, 1, "«{what}» khớp với nhiều văn bản ({candidates}). Hãy dùng mã văn bản.", "“{what}” matches several documents ({candidates}); use an ID."),
    Fault("bad_value", 422, 2, "Giá trị «{value}» của {field} không hợp lệ: {why}", "Value “{value}” of {field} is not valid: {why}"),
    Fault("stale", 409, 1, "Văn bản {document} vừa được người khác sửa. Tải lại trang rồi nhập lại phần của bạn.", "Document {document} was changed by somebody else; reload."),
    Fault("wrong_state", 409, 1, "Không làm được việc này khi văn bản {document} đang ở trạng thái «{status}».", "Document {document} is “{status}”; that can't be done now."),
    Fault("sign_in", 401, 1, "Bạn cần đăng nhập.", "Sign in first."),
    Fault("sign_in_failed", 401, 1, "Tên hoặc mật khẩu không đúng.", "Name or password is wrong."),
    Fault("sso_refused", 403, 1, "Nơi đăng nhập chung chưa cấp cho bạn quyền nào ở kho này, hoặc lần đăng nhập không hợp lệ. Thử lại; nếu vẫn vậy, hãy báo quản trị.", "The sign-in was not valid, or gives no role here; try again, or tell the administrator."),
    Fault("sso_unreachable", 503, 1, "Chưa liên lạc được với nơi đăng nhập chung. Thử lại sau ít phút.", "The identity provider can't be reached; try again in a few minutes."),
    Fault("too_many_attempts", 429, 1, "Đăng nhập sai quá nhiều lần. Thử lại sau {seconds} giây.", "Too many attempts; try again in {seconds} seconds."),
    Fault("forbidden", 403, 1, "Bạn không có quyền làm việc này.", "You may not do this."),
    Fault("bad_request", 400, 2, "Yêu cầu không hợp lệ: {why}", "Bad request: {why}"),
    Fault("user_exists", 409, 1, "Đã có tài khoản «{name}».", "There is an account “{name}” already."),
    Fault("weak_password", 422, 1, "Mật khẩu cần ít nhất {limit} ký tự và không thuộc loại dễ đoán.", "The password needs {limit} characters or more."),
    Fault("internal", 500, 1, "Có lỗi trong hệ thống (mã {id}). Đã ghi nhật ký; không có gì bị mất.", "Something failed (id {id}); it was logged."),
)  # fmt: skip

CATALOGUE: dict[str, Fault] = {fault.code: fault for fault in _ROWS}


class Problem(Exception):
    """A failure of the catalogue with its facts; `Problem("empty_file", name="a.pdf")`."""

    def __init__(self, code: str, **facts: object) -> None:
        self.fault = CATALOGUE[code]
        self.facts = facts
        super().__init__(self.message("en"))

    @property
    def code(self) -> str:
        return self.fault.code

    def message(self, language: Language = "vi") -> str:
        """The sentence with its facts; a fact that is missing shows as `?` rather than failing the failure."""
        words = self.fault.vi if language == "vi" else self.fault.en
        return words.format_map(_Facts({name: _told(fact, language) for name, fact in self.facts.items()}))

    def __reduce__(self) -> tuple[object, ...]:
        return (_revive, (self.code, self.facts))


def _told(fact: object, language: Language) -> object:
    """Large figures in groups of three, as each language writes them."""
    if isinstance(fact, bool) or not isinstance(fact, int) or abs(fact) < 10_000:
        return fact
    return f"{fact:,}".replace(",", ".") if language == "vi" else f"{fact:,}"


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def _revive(code: str, facts: dict[str, object]) -> Problem:
    return Problem(code, **facts)


@dataclass(frozen=True, slots=True)
class Caution:
    """One kind of warning on a Reading."""

    code: str
    vi: str
    en: str


_CAUTIONS = (
    Caution("page_unreadable", "Trang {page} không đọc được; các trang khác vẫn được đọc.", "Page {page} can't be read."),
    Caution("page_blank", "Trang {page} trắng.", "Page {page} is blank."),
    Caution("text_layer_ignored", "Lớp chữ trong tệp ở trang {page} không dùng được; trang được đọc lại từ ảnh.", "The text layer of page {page} is unsound; it was read from its image."),
    Caution("text_repaired", "Chữ ở trang {page} mã hoá kiểu cũ ({encoding}), đã chuyển sang Unicode.", "Page {page} was in {encoding}; converted."),
    Caution("low_confidence", "Trang {page} mờ hoặc bẩn: chữ đọc được không chắc chắn.", "Page {page} was hard to read."),
    Caution("number_missing", "Không thấy số, ký hiệu của văn bản.", "No document number was found."),
    Caution("number_blank", "Số văn bản để trống trên bản này.", "The number is left blank on this paper."),
    Caution("number_handwritten", "Số viết tay: cần người xem.", "The number is handwritten: a person must look."),
    Caution("number_out_of_run", "Số không nối được với các văn bản trước và sau cùng cơ quan, cùng ký hiệu: cần người xem.", "The number does not run with its neighbours on record: a person must look."),
    Caution("date_suspect", "Ngày ban hành có thể sai: văn bản viện dẫn văn bản ra sau nó.", "The date may be wrong: it cites a later document."),
    Caution("active_content", "Tệp chứa nội dung chạy được ({what}); không có gì được chạy.", "The file holds active content ({what}); nothing was run."),
    Caution("damaged", "Tệp hỏng một phần nhưng mọi trang vẫn đọc được.", "The file is damaged but every page could be read."),
    Caution("owner_password", "Tệp bị hạn chế in hoặc sao chép; bản gốc giữ nguyên.", "The file restricts printing or copying."),
    Caution("external_reference", "Tệp trỏ ra ngoài ({what}); không tải gì về.", "The file points outside ({what}); nothing was fetched."),
    Caution("hidden_text", "Trang {page} có chữ bị che hoặc không nhìn thấy; chữ ấy không được đọc.", "Page {page} holds text that can't be seen; it was left out."),
    Caution("mark_overruled", "Máy thấy dấu «{mark}»; văn thư đã xác nhận văn bản không mật.", "A secrecy mark “{mark}” was seen; a clerk has said that the document bears none."),
    Caution("tracked_changes", "Tệp còn dấu sửa đổi chưa chốt (track changes): đọc theo bản đã chấp nhận sửa.", "The file has tracked changes; it was read with them accepted."),
    Caution("signature_text", "Tệp có chữ ký số; chữ của khung chữ ký không thuộc văn bản.", "The file is digitally signed."),
    Caution("signature_broken", "Chữ ký số không còn đúng: nội dung đã ký bị sửa hoặc chữ ký hỏng. Cần người xem.", "A digital signature does not hold: what it covers was altered, or it is damaged. A person must look."),
    Caution("signature_changed", "Văn bản bị sửa sau khi ký số. Cần người xem.", "The paper was changed after it was signed. A person must look."),
)  # fmt: skip

CAUTIONS: dict[str, Caution] = {caution.code: caution for caution in _CAUTIONS}


def caution_message(code: str, language: Language = "vi", **facts: object) -> str:
    """The sentence of a warning."""
    caution = CAUTIONS[code]
    return (caution.vi if language == "vi" else caution.en).format_map(_Facts(facts))
