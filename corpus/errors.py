"""Every way it can fail: code, HTTP status, exit code, and the sentence that the person reads.

A sentence says what happened and what to do; `{name}` and the like are filled in from the Problem's facts.
README lists every code; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

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
    Fault("not_a_file", 422, 1, "«{name}» là {what}, không phải tệp: không nhận. Hãy chép chính tệp vào đó.", "“{name}” is no regular file ({what}) and was not taken; copy the file itself."),
    Fault("file_unreadable", 422, 1, "Không mở hoặc chuyển được tệp «{name}» ({why}). Kiểm tra quyền và chỗ trống trên đĩa rồi thử lại.", "File “{name}” can't be opened or moved ({why}); check permissions and disk space."),
    Fault("unfinished", 422, 1, "Tệp «{name}» rỗng, chưa trọn vẹn hoặc đang được ghi: chưa nhận, vẫn chờ. Kiểm tra máy quét hoặc chép lại tệp.", "File “{name}” is empty, incomplete or still being written: it waits."),
    Fault("file_grew", 409, 1, "Tệp «{name}» còn được ghi thêm sau khi nhận: bản trọn vẹn là văn bản {new}, thay cho văn bản {document}. Hãy xem lại văn bản {document}.", "File “{name}” grew after it was taken: document {new} is the whole one, in place of document {document}; look at {document}."),
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
    Fault("not_cleared", 409, 1, "Văn bản {document} chưa qua kiểm tra dấu mật nên chưa xem, chưa tải được. Chờ máy đọc xong; nếu máy không đọc được, bấm «Thử lại» hoặc nhập tay từ bản giấy.", "Document {document} has not passed the secrecy check, so nothing of it is shown; wait until it is read, or try again."),
    Fault("limit_differs", 409, 1, "Tệp «{name}» đã có trong kho (văn bản {document}) với giới hạn người xem khác ({groups}): chưa đổi gì. Mở văn bản đó và ghi lại mục «Giới hạn người xem».", "File “{name}” is held already (document {document}) with another limit ({groups}); nothing was changed. Open that document and set its limit there."),
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
    Fault("seal_key_unusable", 503, 1, "Không dùng được khóa niêm nhật ký «{name}» (VANBAN_AUDIT_SEAL_KEY_FILE): không đọc được, hoặc ngắn hơn 16 byte. Đặt lại tệp khóa.", "The seal key “{name}” (VANBAN_AUDIT_SEAL_KEY_FILE) can't be read or is shorter than 16 bytes; put the key file back."),
    Fault("seal_unwritable", 503, 1, "Không ghi được dấu niêm của nhật ký vào «{name}». Kiểm tra thư mục và quyền ghi.", "The trail's seal can't be written to “{name}”; look at the folder and its rights."),
    Fault("file_exists", 409, 2, "Đã có tệp «{name}». Chọn tên khác, hoặc thêm --replace để ghi đè.", "There is a file “{name}” already; choose another name, or add --replace."),
    Fault("not_writable", 422, 2, "Không ghi được tệp «{name}»: {why}. Kiểm tra thư mục đích rồi chạy lại.", "File “{name}” can't be written: {why}."),
    Fault("disk_full", 507, 1, "Hết chỗ trên đĩa: tệp «{name}» chưa được nhận. Dọn chỗ rồi gửi lại.", "The disk is full: “{name}” was not taken."),
    Fault("original_missing", 500, 1, "Bản gốc của văn bản {document} không còn hoặc đã bị đổi. Chạy «vanban check» và khôi phục từ bản sao lưu.", "The original of document {document} is missing or changed."),
    Fault("originals_unreachable", 503, 1, "Chưa liên lạc được với nơi giữ bản gốc. Thử lại sau ít phút; không có gì bị mất.", "Where originals are kept can't be reached; try again in a few minutes."),
    Fault("folder_unreachable", 503, 1, "Chưa mở được thư mục «{name}» ({why}). Vẫn chờ; kiểm tra ổ mạng và quyền.", "Folder “{name}” can't be opened ({why}); waiting for it."),
    Fault("readers_failing", 503, 1, "Các tiến trình đọc dừng ngay khi vừa chạy; văn bản đã nhận vẫn chờ trong kho. Chạy «vanban check» rồi «vanban work».", "Reading processes end as soon as they start; what was taken waits in the store. Run vanban check, then vanban work."),
    Fault("index_unusable", 503, 1, "Chỉ mục tìm kiếm đang được dựng lại. Thử lại sau ít phút.", "The search index is being rebuilt."),
    # The call.
    Fault("not_found", 404, 1, "Không tìm thấy «{what}».", "“{what}” was not found."),
    Fault("ambiguous", 409, 1, "«{what}» khớp với nhiều văn bản ({candidates}). Hãy dùng mã văn bản.", "“{what}” matches several documents ({candidates}); use an ID."),
    Fault("bad_value", 422, 2, "Giá trị «{value}» của {field} không hợp lệ: {why}", "Value “{value}” of {field} is not valid: {why}"),
    Fault("stale", 409, 1, "Văn bản {document} vừa được người khác sửa nên phần của bạn chưa được ghi. Xem giá trị mới rồi ghi lại.", "Document {document} was changed by somebody else, so nothing of yours was saved; look at the new values and save again."),
    Fault("doubtful", 422, 1, "Văn bản {document} còn điểm đáng ngờ, chưa được ghi. {doubts} Đối chiếu với bản giấy: sửa lại, hoặc xác nhận là đúng.", "Document {document} was not saved: {doubts} Compare it with the paper; correct it, or confirm that it is right."),
    Fault("not_shown", 409, 1, "Văn bản {document} chưa được ghi: trang này không phải do bạn mở, hoặc đã mở quá lâu. Xem lại văn bản rồi ghi.", "Document {document} was not saved: it was not shown to you on this page, or too long ago; look at it and save again."),
    Fault("wrong_state", 409, 1, "Không làm được việc này khi văn bản {document} đang ở trạng thái «{status}».", "Document {document} is “{status}”; that can't be done now."),
    Fault("sign_in", 401, 1, "Bạn cần đăng nhập.", "Sign in first."),
    Fault("sign_in_failed", 401, 1, "Tên hoặc mật khẩu không đúng.", "Name or password is wrong."),
    Fault("sso_refused", 403, 1, "Nơi đăng nhập chung chưa cấp cho bạn quyền nào ở kho này, hoặc lần đăng nhập không hợp lệ. Thử lại; nếu vẫn vậy, hãy báo quản trị.", "The sign-in was not valid, or gives no role here; try again, or tell the administrator."),
    Fault("sso_unreachable", 503, 1, "Chưa liên lạc được với nơi đăng nhập chung. Thử lại sau ít phút.", "The identity provider can't be reached; try again in a few minutes."),
    Fault("wrong_password", 422, 1, "Mật khẩu hiện nay không đúng. Gõ lại mật khẩu bạn đang dùng để đăng nhập.", "The present password is wrong; type the one that you sign in with."),
    Fault("proof_needed", 403, 1, "Việc này cần xác nhận lại mật khẩu hiện nay của bạn (POST /api/me/proof, hoặc gửi kèm tên và mật khẩu).", "Prove who you are first: your present password (POST /api/me/proof, or HTTP Basic)."),
    Fault("password_change_needed", 403, 1, "Mật khẩu này do người khác tạo. Hãy đổi mật khẩu trước khi làm việc khác.", "This password was made by somebody else; change it first."),
    Fault("not_by_token", 403, 1, "Mã truy cập không làm được việc này. Hãy đăng nhập trên trang, hoặc gửi tên và mật khẩu (HTTP Basic).", "A token may not do this; sign in, or send name and password (HTTP Basic)."),
    Fault("own_account", 403, 1, "Không làm được với tài khoản của chính bạn. Mật khẩu đổi ở trang «Tài khoản của tôi»; vai trò và việc khóa do quản trị khác làm.", "Not with your own account: change your password on your own page; another administrator changes role and state."),
    Fault("sso_account", 409, 1, "Tài khoản «{name}» đăng nhập ở nơi đăng nhập chung; mật khẩu đổi ở đó.", "Account “{name}” signs in at the identity provider; its password is changed there."),
    Fault("too_many_attempts", 429, 1, "Đăng nhập sai quá nhiều lần. Thử lại sau {seconds} giây; máy đã từng đăng nhập thì không phải chờ, quản trị mở khóa được.", "Too many attempts; try again in {seconds} seconds. A device that signed in before need not wait; an administrator can unlock."),
    Fault("forbidden", 403, 1, "Bạn không có quyền làm việc này.", "You may not do this."),
    Fault("bad_request", 400, 2, "Yêu cầu không hợp lệ: {why}", "Bad request: {why}"),
    Fault("form_expired", 400, 2, "Trang này đã cũ hoặc được gửi từ nơi khác, nên chưa làm gì. Mở lại trang rồi gửi lại.", "This form is out of date or was sent from elsewhere; nothing was done. Open the page again and resend."),
    Fault("other_site", 403, 2, "Yêu cầu đến từ trang khác ({origin}), nên chưa làm gì. Mở trang của kho rồi làm lại; nếu vẫn vậy, quản trị cần đặt VANBAN_PUBLIC_URL đúng địa chỉ đang dùng.", "The request came from another site ({origin}); nothing was done. If it was ours, set VANBAN_PUBLIC_URL to the address in use."),
    Fault("wrong_host", 421, 2, "Kho này không mang địa chỉ «{host}». Hãy dùng địa chỉ mà cơ quan đã cấp, hoặc báo quản trị (VANBAN_TRUSTED_HOSTS).", "This archive is not known as “{host}”: use its proper address, or add it to VANBAN_TRUSTED_HOSTS."),
    Fault("wrong_method", 405, 2, "Địa chỉ này không nhận lệnh {method}. Hãy mở lại từ trang tìm.", "This address does not take {method}."),
    Fault("body_too_large", 413, 2, "Nội dung gửi lên lớn hơn mức cho phép ({limit}). Hãy rút ngắn rồi gửi lại.", "What was sent is over the limit of {limit}; shorten it."),
    Fault("uri_too_long", 414, 2, "Câu hỏi hoặc địa chỉ quá dài (giới hạn {limit} byte). Hãy rút ngắn, ví dụ chỉ dán một đoạn, rồi thử lại.", "The question or address is too long (limit {limit} bytes); shorten it."),
    Fault("head_too_large", 431, 2, "Phần đầu của yêu cầu quá lớn. Xóa cookie của trang này rồi thử lại.", "The head of the request is too large; clear this site's cookies and try again."),
    Fault("too_slow", 408, 1, "Dữ liệu gửi lên quá chậm nên đã dừng; không có gì được nhận. Kiểm tra mạng rồi gửi lại.", "What was sent came too slowly and was given up; nothing was taken. Try again."),
    Fault("too_busy", 503, 1, "Đang có nhiều trang chờ dựng ảnh. Thử lại sau {seconds} giây.", "Many pages are waiting to be drawn; try again in {seconds} seconds."),
    Fault("user_exists", 409, 1, "Đã có tài khoản «{name}».", "There is an account “{name}” already."),
    Fault("weak_password", 422, 1, "Mật khẩu cần ít nhất {limit} ký tự và không thuộc loại dễ đoán: từ hay dùng kèm số, tên tài khoản, tên cơ quan, ngày sinh, số điện thoại.", "The password needs {limit} characters or more, and none that is easily guessed: a common word with digits, the account's name, an office, a date."),
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
        return words.format_map(_Facts({name: _told(name, fact, language) for name, fact in self.facts.items()}))

    def __reduce__(self) -> tuple[object, ...]:
        return (_revive, (self.code, self.facts))


class Told(Protocol):
    """A fact with a sentence of its own."""

    def message(self, language: Language) -> str: ...


FIELD_LABELS: dict[str, tuple[str, str]] = {
    "number": ("Số, ký hiệu", "Number"),
    "date": ("Ngày ban hành", "Date"),
    "doc_type": ("Loại văn bản", "Type"),
    "issuer": ("Cơ quan ban hành", "Issuer"),
    "superior": ("Cơ quan chủ quản", "Superior body"),
    "subject": ("Trích yếu", "Subject"),
    "place": ("Địa danh", "Place"),
    "addressees": ("Kính gửi", "Addressees"),
    "recipients": ("Nơi nhận", "Recipients"),
    "signer_name": ("Người ký", "Signer"),
    "signer_title": ("Chức vụ", "Title"),
    "signer_authority": ("Quyền hạn ký", "Signing authority"),
    "urgency": ("Độ khẩn", "Urgency"),
    "reason": ("Lý do", "Reason"),
}
"""What people call the fields that a sentence may be about."""
STATUS_LABELS = {
    "queued": "Chờ đọc",
    "reading": "Đang đọc",
    "review": "Cần xem",
    "accepted": "Đã xong",
    "refused": "Không nhận",
    "failed": "Không đọc được",
    "withdrawn": "Đã thu hồi",
}


_NAMES = frozenset({"what", "document", "value", "row", "id", "version"})
"""Facts that name a thing, even by a figure: an ID is no amount."""


def _told(name: str, fact: object, language: Language) -> object:
    """A fact as people read it: labels for names, one sentence after the other, large figures in groups of three."""
    if name == "field" and isinstance(fact, str) and fact in FIELD_LABELS:
        return FIELD_LABELS[fact][language == "en"]
    if name == "status" and isinstance(fact, str) and language == "vi":
        return STATUS_LABELS.get(fact, fact)
    if isinstance(fact, tuple):
        told: tuple[Told, ...] = fact
        return " ".join(dict.fromkeys(one.message(language) for one in told))
    if name in _NAMES or isinstance(fact, bool) or not isinstance(fact, int) or abs(fact) < 10_000:
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
    Caution("body_not_of_its_time", "Theo bảng cơ quan, «{body}» chưa có hoặc không còn vào ngày ghi trên văn bản: hãy xem lại ngày và cơ quan.", "By the tables “{body}” did not exist on the day of the paper: look at both."),
    Caution("active_content", "Tệp chứa nội dung chạy được ({what}); không có gì được chạy.", "The file holds active content ({what}); nothing was run."),
    Caution("damaged", "Tệp hỏng một phần nhưng mọi trang vẫn đọc được.", "The file is damaged but every page could be read."),
    Caution("owner_password", "Tệp bị hạn chế in hoặc sao chép; bản gốc giữ nguyên.", "The file restricts printing or copying."),
    Caution("external_reference", "Tệp trỏ ra ngoài ({what}); không tải gì về.", "The file points outside ({what}); nothing was fetched."),
    Caution("hidden_text", "Trang {page} có chữ bị che hoặc không nhìn thấy; chữ ấy không được đọc.", "Page {page} holds text that can't be seen; it was left out."),
    Caution("mark_overruled", "Máy thấy dấu «{mark}»; văn thư đã xác nhận văn bản không mật.", "A secrecy mark “{mark}” was seen; a clerk has said that the document bears none."),
    Caution("tracked_changes", "Tệp còn dấu sửa đổi chưa chốt (track changes): đọc theo bản đã chấp nhận sửa.", "The file has tracked changes; it was read with them accepted."),
    Caution("signature_text", "Tệp có chữ ký số; chữ của khung chữ ký không thuộc văn bản.", "The file is digitally signed."),
    # Asked before a document goes on record (corpus.lifecycle.doubts).
    Caution("number_ill_formed", "Số, ký hiệu không đúng thể thức (ví dụ đúng: 05/CT-UBND, 31/KH-STTTT, 12-CT/TU).", "The number is not well formed (as 05/CT-UBND is)."),
    Caution("number_type_differs", "Ký hiệu không hợp với loại văn bản.", "The symbol does not fit the type of document."),
    Caution("number_issuer_differs", "Ký hiệu không hợp với cơ quan ban hành.", "The symbol does not fit the issuing body."),
    Caution("number_twin", "Văn bản khác của cùng cơ quan, cùng năm đã mang số, ký hiệu này.", "Another document of that issuer and year bears this number."),
    Caution("date_missing", "Chưa có ngày ban hành.", "There is no date of issue."),
    Caution("date_implausible", "Ngày ban hành không nằm trong khoảng từ 02/09/1945 đến ngày mai.", "The date of issue is not between 2 September 1945 and tomorrow."),
    Caution("doc_type_missing", "Chưa có loại văn bản.", "There is no type of document."),
    Caution("doc_type_unknown", "Loại văn bản không có trong danh mục.", "The type of document is not in the table."),
    Caution("issuer_missing", "Chưa có cơ quan ban hành.", "There is no issuing body."),
    Caution("subject_missing", "Chưa có trích yếu.", "There is no subject."),
    Caution("signer_missing", "Chưa có người ký.", "There is no signer."),
    Caution("withdrawn_before", "Văn bản này đã được {by} thu hồi lúc {at}, lý do: {reason}. Tệp được đọc lại và chờ người xem; những giá trị người đã sửa vẫn giữ.", "{by} had withdrawn this document at {at}: {reason}. It is read again and waits for a person; what people had corrected is kept."),
    Caution("urgency_unknown", "Mức độ khẩn không có trong danh mục.", "The mark of urgency is not in the table."),
    Caution("signature_broken", "Chữ ký số không còn đúng: nội dung đã ký bị sửa hoặc chữ ký hỏng. Cần người xem.", "A digital signature does not hold: what it covers was altered, or it is damaged. A person must look."),
    Caution("signature_changed", "Văn bản bị sửa sau khi ký số. Cần người xem.", "The paper was changed after it was signed. A person must look."),
)  # fmt: skip

CAUTIONS: dict[str, Caution] = {caution.code: caution for caution in _CAUTIONS}


def caution_message(code: str, language: Language = "vi", **facts: object) -> str:
    """The sentence of a warning."""
    caution = CAUTIONS[code]
    return (caution.vi if language == "vi" else caution.en).format_map(_Facts(facts))
