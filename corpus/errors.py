"""Catalogue of failures: code, HTTP status, exit code, and the sentence that people read.

A sentence says what happened and what to do; `{name}` and the like are filled in from the Problem's facts.
docs/errors.md lists every code; a test holds the two together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Protocol

from corpus import reasons
from corpus.file_types import TAKEN_OR_EN, TAKEN_OR_VI
from corpus.record_fields import EDITABLE

Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the catalogue. `exit_code` 1: this input was refused or the system could not; 2:
    the call was wrong.
    """

    code: str
    status: int
    exit_code: int
    vi: str
    en: str


_ROWS = (
    # At the door: decided from the first bytes, nothing is kept.
    Fault("empty_file", 422, 1, "Tệp «{name}» rỗng (0 byte). Hãy quét hoặc tải lại.", "File “{name}” is empty."),
    Fault("too_large", 413, 1, "Tệp «{name}» lớn hơn mức cho phép ({limit}). Hãy tách thành nhiều tệp.", "File “{name}” is over the limit of {limit}."),
    Fault("unknown_type", 415, 1, "Tệp «{name}» không phải " + TAKEN_OR_VI + ". Hãy chuyển sang PDF rồi tải lại.", "File “{name}” is not a " + TAKEN_OR_EN + "."),
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
    Fault("not_a_photo", 422, 1, "Tệp «{name}» không phải ảnh JPEG hay PNG nên không gộp được. Gửi riêng tệp này.", "File “{name}” is no JPEG or PNG picture and can't be joined; send it by itself."),
    Fault("too_many_pixels", 422, 1, "Ảnh trong tệp «{name}» quá lớn ({pixels} điểm ảnh, giới hạn {limit}). Hãy quét lại ở 300 dpi.", "An image in “{name}” has {pixels} pixels, over the limit of {limit}."),
    Fault("unsafe_content", 422, 1, "Tệp «{name}» chứa nội dung không an toàn ({what}). Hãy in ra PDF thường rồi tải lại.", "File “{name}” holds unsafe content ({what})."),
    Fault("too_few_lines", 422, 1, "Mới có {count} số viết tay đã xác nhận, cần ít nhất {least} để học.", "Only {count} handwritten lines are confirmed; learning needs at least {least}."),
    Fault("unsafe_archive", 422, 1, "Gói ZIP «{name}» không an toàn ({what}). Hãy giải nén rồi tải từng tệp.", "Archive “{name}” is unsafe ({what})."),
    Fault("classified", 451, 1, "Tệp «{name}» mang dấu mật ({mark}): hệ thống không được lưu. Không có gì được giữ lại; hãy báo người phụ trách bảo mật.", "File “{name}” bears a secrecy mark ({mark}); nothing of it was kept."),
    Fault("not_cleared", 409, 1, "Văn bản {document} chưa qua kiểm tra dấu mật nên chưa xem, chưa tải được. Chờ hệ thống nhận dạng xong; nếu không đọc được, bấm «Thử lại» hoặc nhập tay từ bản giấy.", "Document {document} has not passed the secrecy check, so nothing of it is shown; wait until it is read, or try again."),
    Fault("limit_differs", 409, 1, "Tệp «{name}» đã có trong kho (văn bản {document}) với giới hạn người xem khác ({groups}): chưa đổi gì. Mở văn bản đó và ghi lại mục «Giới hạn người xem».", "File “{name}” is held already (document {document}) with another limit ({groups}); nothing was changed. Open that document and set its limit there."),
    Fault("other_file", 422, 1, "Tệp «{name}» không phải tệp đã bị từ chối. Hãy chọn lại đúng tệp đó, nội dung y nguyên.", "File “{name}” is not the one that was refused; choose that very file again."),
    Fault("reader_crashed", 422, 1, "Không đọc được tệp «{name}»: bộ đọc dừng đột ngột. Bản gốc vẫn được giữ; bấm «Thử lại» hoặc nhập tay.", "The reader stopped on “{name}”; the original is kept."),
    Fault("reader_timeout", 422, 1, "Không đọc được tệp «{name}» trong thời gian cho phép. Bản gốc vẫn được giữ; bấm «Thử lại» hoặc tách nhỏ tệp.", "Reading “{name}” took too long; the original is kept."),
    Fault("reader_memory", 422, 1, "Tệp «{name}» cần quá nhiều bộ nhớ để đọc. Bản gốc vẫn được giữ; hãy quét lại ở độ phân giải thấp hơn.", "Reading “{name}” needs too much memory; the original is kept."),
    Fault("winmail", 415, 1, "Tệp «{name}» là gói riêng của Outlook (winmail.dat), không mở được. Nhờ người gửi gửi lại dạng văn bản thường hoặc HTML, tệp kèm theo để nguyên.", "File “{name}” is an Outlook package (winmail.dat); ask the sender to send it as plain text or HTML."),
    Fault("unsafe_xml", 422, 1, "Tệp XML «{name}» không an toàn ({what}): không đọc. Đề nghị nơi gửi xuất lại văn bản từ hệ thống của họ.", "XML “{name}” is unsafe ({what}) and was not read; ask the sender to export it again."),
    Fault("not_edxml", 422, 1, "Tệp «{name}» không phải văn bản điện tử edXML (QCVN 102:2016/BTTTT). Kiểm tra lại tệp, hoặc tải chính tệp PDF của văn bản.", "File “{name}” is no edXML message (QCVN 102:2016/BTTTT); check it, or send the paper's own file."),
    Fault("edxml_incomplete", 409, 1, "Văn bản {document} chưa xuất được edXML vì thiếu {what}. Bổ sung rồi xuất lại.", "Document {document} can't be exported as edXML: {what} is missing; complete it and export again."),
    Fault("unsafe_mail", 422, 1, "Thư «{name}» không an toàn ({what}). Hãy lưu tệp kèm theo ra ngoài rồi tải từng tệp.", "Mail “{name}” is unsafe ({what}); save its attachments and send them one by one."),
    # The system.
    Fault("hook_missing", 422, 2, "Chưa có nơi nào để báo. Đặt VANBAN_HOOK_URL hoặc VANBAN_HOOK_COMMAND rồi chạy lại.", "There is nobody to tell; set VANBAN_HOOK_URL or VANBAN_HOOK_COMMAND and run this again."),
    Fault("hook_secret_unusable", 422, 1, "Không dùng được tệp «{name}» của VANBAN_HOOK_SECRET_FILE: không mở được hoặc ngắn hơn {least} byte.", "File “{name}” of VANBAN_HOOK_SECRET_FILE can't be used: unreadable, or shorter than {least} bytes."),
    Fault("converter_missing", 503, 1, "Chưa đọc được tệp Word cũ «{name}» vì máy chủ chưa có LibreOffice. Cài gói libreoffice-writer-nogui rồi bấm «Thử lại», hoặc lưu tệp thành DOCX hay PDF rồi tải lại.", "Reading the old Word file “{name}” needs LibreOffice: install libreoffice-writer-nogui and try again, or save it as DOCX or PDF."),
    Fault("ocr_missing", 503, 1, "Chưa có Tesseract hoặc dữ liệu tiếng Việt. Cài gói tesseract-ocr và tesseract-ocr-vie rồi thử lại.", "Tesseract or its Vietnamese data is missing: install tesseract-ocr and tesseract-ocr-vie."),
    Fault("store_missing", 503, 1, "Chưa có kho ở «{home}». Chạy «vanban samples» hoặc «vanban user add» để tạo.", "There is no store at “{home}”."),
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
    Fault("plugin_unusable", 503, 2, "Không dùng được phần mở rộng «{name}» ({why}). Cài lại gói đó, hoặc bỏ tên khỏi VANBAN_PLUGINS.", "Plugin “{name}” can't be used ({why}): install its package again, or take the name out of VANBAN_PLUGINS."),
    Fault("read_only", 403, 1, "Kho này chỉ để xem: không có gì được ghi.", "This archive is for looking only: nothing was saved."),
    Fault("readers_failing", 503, 1, "Các tiến trình đọc dừng ngay khi vừa chạy; văn bản đã nhận vẫn chờ trong kho. Chạy «vanban check» rồi «vanban work».", "Reading processes end as soon as they start; what was taken waits in the store. Run vanban check, then vanban work."),
    Fault("originals_refused", 503, 1, "Nơi giữ bản gốc từ chối (HTTP {status}: {why}). Báo quản trị xem VANBAN_ORIGINALS và VANBAN_S3_…; không có gì bị mất.", "Where originals are kept refuses (HTTP {status}: {why}); see VANBAN_ORIGINALS and VANBAN_S3_…. Nothing is lost."),
    Fault("index_unusable", 503, 1, "Chỉ mục tìm kiếm đang được dựng lại. Thử lại sau ít phút.", "The search index is being rebuilt."),
    Fault("search_unreachable", 503, 1, "Chưa liên lạc được với cụm máy tìm kiếm. Thử lại sau ít phút; văn bản vẫn được tiếp nhận.", "The search cluster can't be reached; try again in a few minutes. Documents are taken in all the same."),
    Fault("search_partial", 503, 1, "Cụm máy tìm kiếm thiếu máy nên chưa trả lời đủ được. Thử lại sau ít phút; văn bản vẫn được tiếp nhận.", "Nodes of the search cluster are away, so it can't answer in full; try again in a few minutes. Documents are taken in all the same."),
    Fault("search_unauthorised", 503, 1, "Cụm máy tìm kiếm không nhận tên, mật khẩu hoặc chứng thư của kho này (HTTP {status}). Báo quản trị xem VANBAN_OPENSEARCH_….", "The search cluster refuses this archive's name, password or certificate (HTTP {status}); see VANBAN_OPENSEARCH_…."),
    Fault("search_read_only", 503, 1, "Chỉ mục trên cụm máy tìm kiếm đang bị khóa, chỉ đọc (thường vì đĩa đầy). Vẫn tìm được; văn bản mới hiện ra khi cụm máy có chỗ.", "The index on the search cluster is read-only, usually since a disk is full. Searches go on; new documents follow once there is room."),
    Fault("search_busy", 503, 1, "Cụm máy tìm kiếm đang quá tải. Thử lại sau ít phút.", "The search cluster is overloaded; try again in a few minutes."),
    Fault("search_mapping", 503, 1, "Chỉ mục trên cụm máy tìm kiếm có cấu trúc khác với phiên bản này ({why}). Quản trị chạy «vanban reindex».", "The index on the search cluster has another mapping than this version ({why}); run vanban reindex."),
    Fault("search_version", 503, 1, "Máy chủ tìm kiếm là {found}; phiên bản này cần {known}.", "The search server is {found}; this version needs {known}."),
    Fault("search_failed", 503, 1, "Cụm máy tìm kiếm trả lời lỗi (HTTP {status}): {why}", "The search cluster answered with an error (HTTP {status}): {why}"),
    Fault("mail_unset", 503, 2, "Chưa đặt đủ hộp thư: cần VANBAN_MAIL_HOST, VANBAN_MAIL_USER và mật khẩu (VANBAN_MAIL_PASSWORD_FILE đọc được, hoặc VANBAN_MAIL_PASSWORD).", "The mailbox is not set: VANBAN_MAIL_HOST, VANBAN_MAIL_USER and a password (VANBAN_MAIL_PASSWORD_FILE that can be read, or VANBAN_MAIL_PASSWORD) are needed."),
    Fault("mail_unreachable", 503, 1, "Chưa liên lạc được với máy chủ thư «{name}» ({why}). Sẽ thử lại; không có thư nào bị mất.", "The mail server “{name}” can't be reached ({why}); it is tried again, no mail is lost."),
    Fault("mail_refused", 503, 1, "Máy chủ thư «{name}» không nhận tên «{user}» hoặc mật khẩu. Kiểm tra VANBAN_MAIL_USER và mật khẩu.", "The mail server “{name}” refuses the name “{user}” or its password; check VANBAN_MAIL_USER and the password."),
    # The call.
    Fault("not_found", 404, 1, "Không tìm thấy «{what}».", "“{what}” was not found."),
    Fault("ambiguous", 409, 1, "«{what}» khớp với nhiều văn bản ({candidates}). Hãy dùng mã văn bản.", "“{what}” matches several documents ({candidates}); use an ID."),
    Fault("bad_value", 422, 2, "Giá trị «{value}» của {field} không hợp lệ: {why}", "Value “{value}” of {field} is not valid: {why}"),
    Fault("citation_exists", 409, 1, "Văn bản đã có viện dẫn này: «{value}».", "The document has this citation already: “{value}”."),
    Fault("stale", 409, 1, "Văn bản {document} vừa được người khác sửa nên phần của bạn chưa được ghi. Xem giá trị mới rồi ghi lại.", "Document {document} was changed by somebody else, so nothing of yours was saved; look at the new values and save again."),
    Fault("doubtful", 422, 1, "Văn bản {document} còn điểm đáng ngờ, chưa được ghi. {doubts} Đối chiếu với bản giấy: sửa lại, hoặc xác nhận là đúng.", "Document {document} was not saved: {doubts} Compare it with the paper; correct it, or confirm that it is right."),
    Fault("not_shown", 409, 1, "Văn bản {document} chưa được ghi: trang này không phải do bạn mở, hoặc đã mở quá lâu. Xem lại văn bản rồi ghi.", "Document {document} was not saved: it was not shown to you on this page, or too long ago; look at it and save again."),
    Fault("pages_kind", 422, 1, "Tệp «{name}» không có trang giấy: chỉ PDF và ảnh quét mới xoay, tách, gộp được trang.", "File “{name}” has no pages of paper; only PDFs and scans can be turned, split or merged."),
    Fault("pages_bound", 409, 1, "Văn bản {document} đã vào sổ, vào hồ sơ, đang chuyển xử lý, có bản sao hoặc là thư có tệp kèm: chưa đổi trang được. Gỡ các việc ấy trước.", "Document {document} is in a register or file, being handled, copied, or a mail with attachments; its pages can't be changed before that ends."),
    Fault("pages_limits", 409, 1, "Các văn bản gộp với văn bản {document} có giới hạn người xem khác nhau. Đặt cùng một giới hạn rồi gộp lại.", "The documents to be merged with {document} have different limits; give them the same limit first."),
    Fault("wrong_state", 409, 1, "Không làm được việc này khi văn bản {document} đang ở trạng thái «{status}».", "Document {document} is “{status}”; that can't be done now."),
    Fault("register_held", 409, 1, "Văn bản đã có số {number}/{year} trong sổ này. Hủy số đó (kèm lý do) trước khi cấp số khác.", "The document has number {number}/{year} in this register already; cancel that one, with a reason, before another is given."),
    Fault("register_state", 409, 1, "Số {number}/{year} không ở trạng thái làm được việc này: chỉ số đang giữ mới điền được, số đã hủy thì để nguyên. Mở lại sổ rồi xem.", "Number {number}/{year} is not in a state for that: only a reserved one can be filled, a cancelled one stays; look at the register again."),
    Fault("register_closed", 409, 1, "Không mở sổ năm {year}: «Cơ quan của kho» ghi năm khác, hoặc sổ đã đầy. Báo quản trị sửa năm mở sổ.", "No register is kept for {year}: the archive's own bodies have other years, or it is full; ask the administrator."),
    Fault("register_shut", 409, 1, "Sổ «{register}» năm {year} đã khóa nên không cấp, sửa hay hủy số được nữa. Mở lại sổ (kèm lý do) ở trang «Các sổ» trước.", "Register “{register}” of {year} is closed: no number of it can be given, changed or cancelled. Open it again, with a reason, on the page of registers first."),
    Fault("handover_state", 409, 1, "Việc này đang ở tình trạng «{state}» nên không làm được. Tải lại trang để xem tình trạng mới.", "This is “{english}” and can't be changed so; load the page again."),
    Fault("handover_unseen", 422, 1, "«{name}» không được xem văn bản {document} nên không chuyển được. Chọn người hoặc đơn vị trong nhóm được xem.", "“{name}” may not see document {document}, so it can't be handed over; choose somebody of its groups."),
    Fault("onward_late", 422, 1, "Hạn {deadline} sau hạn bạn được giao ({until}). Chọn hạn sớm hơn, hoặc ghi vì sao cần hạn sau.", "Deadline {deadline} is later than yours ({until}); choose an earlier one, or say why it has to be later."),
    Fault("onward_outside", 422, 1, "«{name}» không cùng đơn vị với bạn: chỉ chuyển tiếp được trong đơn vị. Báo lãnh đạo chuyển cho nơi khác.", "“{name}” is not of your unit: a paper is handed on within the unit alone; ask a leader to hand it elsewhere."),
    # Files (hồ sơ) and copies.
    Fault("ambiguous_file", 409, 1, "«{what}» là số, ký hiệu của hồ sơ ở nhiều năm ({candidates}). Ghi thêm năm ở trước, ví dụ 2026/01.TCCB.", "“{what}” is the code of files of several years ({candidates}); put the year before it, as in 2026/01.TCCB."),
    Fault("file_exists_already", 409, 1, "Danh mục đã có hồ sơ «{file}», hoặc mã để trống. Chọn số và ký hiệu khác.", "There is a file “{file}” already, or the code is empty; choose another code."),
    Fault("file_not_open", 409, 1, "Hồ sơ {file} {state}: văn bản và mục lục không đổi được nữa. Mở lại hồ sơ (ghi lý do) rồi làm lại.", "File {file} is not open ({state}): nothing in it can change. Open it again, with a reason, first."),
    Fault("wrong_file_state", 409, 1, "Không làm được việc này khi hồ sơ {file} {state}.", "This can't be done with file {file} in its state ({state})."),
    Fault("stale_file", 409, 1, "Hồ sơ {file} vừa được người khác sửa nên phần của bạn chưa được ghi. Tải lại trang rồi làm lại.", "File {file} was changed by somebody else, so nothing of yours was saved; load the page again."),
    Fault("in_other_file", 409, 1, "Văn bản {document} đang ở hồ sơ {file}. Nếu đúng là chuyển, chọn «Chuyển từ hồ sơ khác» rồi làm lại.", "Document {document} is in file {file}; to move it, say so and try again."),
    Fault("not_due", 409, 1, "Hồ sơ {file} chưa hết thời hạn bảo quản (đến {until}) hoặc chưa kết thúc: không đưa vào danh mục tiêu hủy được.", "File {file} is kept until {until}, or is not closed: it can't be destroyed."),
    Fault("file_on_list", 409, 1, "Hồ sơ {file} đang ở danh mục tiêu hủy số {list}. Thôi danh mục ấy trước.", "File {file} is on destruction list {list}; drop that list first."),
    Fault("list_settled", 409, 1, "Danh mục tiêu hủy số {list} đã thực hiện hoặc đã thôi.", "Destruction list {list} is done or dropped already."),
    Fault("list_changed", 409, 1, "Hồ sơ {file} trong danh mục tiêu hủy số {list} không còn như lúc đề nghị. Thôi danh mục này và lập danh mục mới.", "File {file} of destruction list {list} is not as it was proposed; drop the list and make another."),
    Fault("consented_already", 409, 1, "{name} đã đồng ý với danh mục tiêu hủy số {list}: cần một người khác.", "{name} has consented to destruction list {list} already; another person is needed."),
    Fault("consent_missing", 409, 1, "Danh mục tiêu hủy số {list} mới có {count} người đồng ý. Cần {needed} người, trong đó có một quản trị (người thấy mọi văn bản): chưa hủy gì.", "Destruction list {list} has the consent of {count}; it needs {needed} people, one of them an administrator. Nothing was destroyed."),
    Fault("destroyed", 410, 1, "Tệp «{name}» đã tiêu hủy cùng hồ sơ hết thời hạn bảo quản (danh mục số {list}): không nhận lại. Nếu vẫn cần giữ, hỏi người quản trị.", "File “{name}” was destroyed with a file whose retention was over (list {list}) and is not taken again."),
    Fault("no_own_body", 409, 1, "Chưa có cơ quan nào làm bản sao: quản trị ghi tên và ký hiệu ở trang «Cơ quan của kho».", "No body makes copies here yet: an administrator names it, with its symbol, among the archive's own bodies."),
    Fault("copy_cancelled", 409, 1, "Bản sao {number} đã hủy.", "Copy {number} is cancelled already."),
    Fault("sign_in", 401, 1, "Bạn cần đăng nhập.", "Sign in first."),
    Fault("sign_in_failed", 401, 1, "Tên hoặc mật khẩu không đúng.", "Name or password is wrong."),
    Fault("sso_refused", 403, 1, "Nơi đăng nhập chung chưa cấp cho bạn quyền nào ở kho này, hoặc lần đăng nhập không hợp lệ. Thử lại; nếu vẫn vậy, hãy báo quản trị.", "The sign-in was not valid, or gives no role here; try again, or tell the administrator."),
    Fault("sso_unreachable", 503, 1, "Chưa liên lạc được với nơi đăng nhập chung. Thử lại sau ít phút.", "The identity provider can't be reached; try again in a few minutes."),
    Fault("wrong_password", 422, 1, "Mật khẩu hiện nay không đúng. Gõ lại mật khẩu bạn đang dùng để đăng nhập.", "The present password is wrong; type the one that you sign in with."),
    Fault("proof_needed", 403, 1, "Việc này cần xác nhận lại mật khẩu hiện nay của bạn (POST /api/me/proof, hoặc gửi kèm tên và mật khẩu).", "Prove who you are first: your present password (POST /api/me/proof, or HTTP Basic)."),
    Fault("password_change_needed", 403, 1, "Mật khẩu này do người khác tạo. Hãy đổi mật khẩu trước khi làm việc khác.", "This password was made by somebody else; change it first."),
    Fault("wrong_code", 422, 1, "Mã không đúng hoặc đã dùng rồi. Chờ ứng dụng hiện mã mới rồi gõ lại, hoặc dùng một mã dự phòng.", "The code is wrong or was used before; wait for the next one, or use a recovery code."),
    Fault("too_many_codes", 429, 1, "Gõ sai mã quá nhiều lần. Thử lại sau {seconds} giây; quản trị mở khóa được.", "Too many wrong codes; try again in {seconds} seconds. An administrator can unlock."),
    Fault("factor_needed", 403, 1, "Tài khoản này cần xác thực hai bước: đăng nhập trên trang rồi bật ở «Tài khoản của tôi». Chương trình dùng mã truy cập (API), không dùng tên và mật khẩu.", "This account needs a second factor: sign in on the site and set it up. Programs use a token, not name and password."),
    Fault("factor_required", 409, 1, "Vai trò của bạn bắt buộc xác thực hai bước nên không tắt được.", "Your role requires the second factor; it can't be switched off."),
    Fault("factor_on", 409, 1, "Xác thực hai bước đang bật. Muốn dùng điện thoại khác, tắt rồi bật lại.", "The second factor is on; switch it off first to use another phone."),
    Fault("factor_unreadable", 409, 1, "Khóa của kho đã đổi nên không kiểm tra được mã của ứng dụng. Dùng một mã dự phòng, hoặc nhờ quản trị đặt lại xác thực hai bước.", "The site's key has changed and codes of the app can't be checked; use a recovery code, or have the factor reset."),
    Fault("not_by_token", 403, 1, "Mã truy cập không làm được việc này. Hãy đăng nhập trên trang, hoặc gửi tên và mật khẩu (HTTP Basic).", "A token may not do this; sign in, or send name and password (HTTP Basic)."),
    Fault("own_account", 403, 1, "Không làm được với tài khoản của chính bạn. Mật khẩu đổi ở trang «Tài khoản của tôi»; vai trò và việc khóa do quản trị khác làm.", "Not with your own account: change your password on your own page; another administrator changes role and state."),
    Fault("sso_account", 409, 1, "Tài khoản «{name}» đăng nhập ở nơi đăng nhập chung; mật khẩu đổi ở đó.", "Account “{name}” signs in at the identity provider; its password is changed there."),
    Fault("version_waiting", 409, 1, "Văn bản {document} đang được đọc, hoặc đã có tệp mới chờ đọc. Đợi đọc xong rồi gửi lại.", "Document {document} is being read, or a new version of its file waits already; send it again when that is done."),
    Fault("version_shown", 409, 1, "Tệp này đúng là tệp đang dùng của văn bản {document}: không có gì để thay.", "This is the very file that document {document} shows already."),
    Fault("version_known", 409, 1, "Tệp «{name}» đã có trong kho ở một văn bản khác: không dùng làm phiên bản của văn bản này.", "File “{name}” is on file as another document; it can't be a version of this one."),
    Fault("version_kind", 415, 1, "Tệp «{name}» là thư, gói nén hoặc thông điệp edXML: không dùng làm phiên bản của văn bản. Gửi chính tệp của văn bản (PDF, ảnh, DOCX…).", "File “{name}” is a mail, an archive or an edXML message and can't be a version; send the paper's own file."),
    Fault("share_limited", 409, 1, "Văn bản {document} giới hạn cho nhóm nên không chia sẻ được bằng đường dẫn: đường dẫn mở được mà không cần tài khoản.", "Document {document} is limited to groups and can't be shared by a link: a link opens without an account."),
    Fault("share_over", 410, 1, "Đường dẫn chia sẻ này đã hết hạn, đã bị hủy, hoặc văn bản không còn được chia sẻ. Nếu vẫn cần, liên hệ cơ quan đã gửi đường dẫn.", "This share link has expired or was ended, or the document is shared no more. Ask the office that sent it."),
    Fault("share_too_often", 429, 1, "Mở sai đường dẫn chia sẻ quá nhiều lần. Thử lại sau {seconds} giây.", "Too many wrong share links were opened; try again in {seconds} seconds."),
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
        return words.format_map(
            _Facts({name: _fact_text(name, fact, language) for name, fact in self.facts.items()})
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (_revive, (self.code, self.facts))


class NamedFact(Protocol):
    """A fact with a sentence of its own."""

    def message(self, language: Language) -> str: ...


FIELD_LABELS: dict[str, tuple[str, str]] = {
    **{field.name: (field.label, field.english) for field in EDITABLE},
    "reason": ("Lý do", "Reason"),
    "tag": ("Nhãn", "Tag"),
    "colour": ("Màu", "Colour"),
    "slug": ("Tên ngắn", "Short name"),
    "label": ("Tên trường", "Label"),
    "kind": ("Kiểu", "Kind"),
    "choices": ("Các giá trị", "Choices"),
    "citation": ("Viện dẫn", "Citation"),
    "relation": ("Quan hệ", "Relation"),
    "target": ("Văn bản được viện dẫn", "Cited document"),
    "year": ("Năm", "Year"),
    "register_number": ("Số trong sổ", "Number in the register"),
    "register_name": ("Tên sổ", "Name of the register"),
    "register": ("Sổ", "Register"),
    "register_senders": ("Cơ quan gửi", "Senders"),
    "first_number": ("Số đầu năm", "First number of the year"),
    "count": ("Số lượng", "Count"),
    "deadline": ("Hạn xử lý", "Deadline"),
    "receiver": ("Nơi nhận xử lý", "Receivers"),
    "deputy": ("Người được ủy quyền", "Deputy"),
    "first_day": ("Từ ngày", "From"),
    "last_day": ("Đến hết ngày", "Until"),
    "for": ("Làm thay", "In the place of"),
    "note": ("Ý kiến", "Note"),
    "days": ("Số ngày", "Days"),
    "purpose": ("Mục đích", "Purpose"),
    "address": ("Địa chỉ thư", "Mail address"),
    "file_year": ("Năm", "Year"),
    "file_code": ("Số và ký hiệu hồ sơ", "Code of the file"),
    "file_title": ("Tiêu đề hồ sơ", "Title of the file"),
    "file_heading": ("Đề mục", "Heading"),
    "file_keeper": ("Người lập hồ sơ", "Keeper"),
    "file_organ_id": ("Mã cơ quan", "Code of the body"),
    "file_rights": ("Chế độ sử dụng", "Rights of use"),
    "file_language": ("Ngôn ngữ", "Language"),
    "file_description": ("Ghi chú", "Note"),
    "retention": ("Thời hạn bảo quản theo bảng", "Retention by the table"),
    "years": ("Số năm bảo quản", "Years of retention"),
    "ended_on": ("Ngày kết thúc", "Day of closing"),
    "submitted_on": ("Ngày nộp lưu", "Day of hand-over"),
    "submitted_to": ("Nơi nhận hồ sơ", "Receiver"),
    "files": ("Số hồ sơ, văn bản được chọn", "Number chosen"),
    "words": ("Quy tắc", "Rule"),
    "copy_kind": ("Loại bản sao", "Kind of copy"),
    "copy_medium": ("Hình thức sao", "Form of copying"),
    "copy_of": ("Sao lục từ bản sao y", "Copied from"),
    "excerpt": ("Phần được trích", "Excerpt"),
    "made_on": ("Ngày sao", "Day of copying"),
    "amount": ("Số bản", "Number of copies"),
    "recipients": ("Nơi nhận", "Recipients"),
}
"""Labels of the fields that a sentence may be about."""
STATUS_LABELS = {
    "queued": "Chờ đọc",
    "reading": "Đang đọc",
    "review": "Chờ kiểm tra",
    "accepted": "Đã vào kho",
    "refused": "Không nhận",
    "failed": "Không đọc được",
    "withdrawn": "Đã gỡ khỏi kho",
}


_PART = re.compile(r"\\\{(\w+)\\\}")
"""A fact's place in the pattern of a sentence."""
_NAMES = frozenset({"what", "document", "value", "row", "id", "version"})
"""Facts that name a thing, even by a figure: an ID is no amount."""
_WORDED = frozenset({"why", "what", "found", "state"})
"""Facts that are words of our own, or may be: in Vietnamese when raised."""


def _fact_text(name: str, fact: object, language: Language) -> object:
    """Text of a fact: labels for names, sentences joined, large figures in groups of three."""
    if name == "field" and isinstance(fact, str) and fact in FIELD_LABELS:
        return FIELD_LABELS[fact][language == "en"]
    if name == "status" and isinstance(fact, str) and language == "vi":
        return STATUS_LABELS.get(fact, fact)
    if name in _WORDED and isinstance(fact, str) and language == "en":
        return reasons.english(fact)
    if isinstance(fact, tuple):
        told: tuple[NamedFact, ...] = fact
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
    Caution("text_repaired", "Chữ ở trang {page} mã hóa kiểu cũ ({encoding}), đã chuyển sang Unicode.", "Page {page} was in {encoding}; converted."),
    Caution("low_confidence", "Trang {page} mờ hoặc bẩn: chữ đọc được không chắc chắn.", "Page {page} was hard to read."),
    Caution("number_missing", "Không thấy số, ký hiệu của văn bản.", "No document number was found."),
    Caution("number_blank", "Số văn bản để trống trên bản này.", "The number is left blank on this paper."),
    Caution("number_handwritten", "Số viết tay: cần người xem.", "The number is handwritten: a person must look."),
    Caution("number_out_of_run", "Số không nối được với các văn bản trước và sau cùng cơ quan, cùng ký hiệu: cần người xem.", "The number does not run with its neighbours on record: a person must look."),
    Caution("date_suspect", "Văn bản viện dẫn «{cited}» ban hành ngày {day}, sau ngày ghi trên văn bản: hãy xem lại ngày.", "The paper cites “{cited}” of {day}, a later day than its own: look at its date."),
    Caution("body_not_of_its_time", "Theo bảng cơ quan, «{body}» chưa có hoặc không còn vào ngày ghi trên văn bản: hãy xem lại ngày và cơ quan.", "By the tables “{body}” did not exist on the day of the paper: look at both."),
    Caution("active_content", "Tệp chứa nội dung chạy được ({what}); không có gì được chạy.", "The file holds active content ({what}); nothing was run."),
    Caution("damaged", "Tệp hỏng một phần nhưng mọi trang vẫn đọc được.", "The file is damaged but every page could be read."),
    Caution("owner_password", "Tệp bị hạn chế in hoặc sao chép; bản gốc giữ nguyên.", "The file restricts printing or copying."),
    Caution("external_reference", "Tệp trỏ ra ngoài ({what}); không tải gì về.", "The file points outside ({what}); nothing was fetched."),
    Caution("hidden_text", "Trang {page} có chữ bị che hoặc không nhìn thấy; chữ ấy không được đọc.", "Page {page} holds text that can't be seen; it was left out."),
    Caution("mark_overruled", "Máy thấy dấu «{mark}»; văn thư đã xác nhận văn bản không mật.", "A secrecy mark “{mark}” was seen; a clerk has said that the document bears none."),
    Caution("picture_unread", "Trang {page} có hình mang chữ ({words}); chữ trong hình chưa nằm trong văn bản. Hãy xem bản gốc.", "Page {page} shows a picture with print ({words}) that is no part of the text; look at the original."),
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
    Caution("withdrawn_before", "Văn bản này đã được {by} gỡ khỏi kho lúc {at}, lý do: {reason}. Tệp được đọc lại và chờ người xem; những giá trị người đã sửa vẫn giữ.", "{by} had withdrawn this document at {at}: {reason}. It is read again and waits for a person; what people had corrected is kept."),
    Caution("urgency_unknown", "Mức độ khẩn không có trong danh mục.", "The mark of urgency is not in the table."),
    Caution("issuer_unexpected", "Nơi gửi thư thường gửi văn bản của «{expected}», còn văn bản này của «{found}»: hãy xem cơ quan ban hành.", "This sender sends papers of “{expected}”, and this one is of “{found}”: look at the issuer."),
    Caution("edxml_differs", "{field}: thông điệp edXML ghi «{message}», văn bản in «{paper}». Đối chiếu rồi chọn.", "{field}: the edXML message says “{message}”, the paper “{paper}”; compare and choose."),
    Caution("edxml_invalid", "Thông điệp edXML không đúng lược đồ ({why}); những phần đúng vẫn được dùng.", "The edXML message is not of the schema ({why}); what is right in it was used."),
    Caution("edxml_not_new", "Thông điệp edXML không gửi văn bản mới mà để {act}: {reason}. Xem kỹ trước khi vào kho.", "The edXML message sends no new document but is to {act}: {reason}. Look closely before it goes on record."),
    Caution("edxml_signature", "Thông điệp edXML có chữ ký XML; chữ ký này chưa được kiểm tra (chữ ký trong tệp PDF vẫn được kiểm tra).", "The edXML message bears an XML signature, which was not verified (signatures in the PDF were)."),
    Caution("signature_broken", "Chữ ký số không còn đúng: nội dung đã ký bị sửa hoặc chữ ký hỏng. Cần người xem.", "A digital signature does not hold: what it covers was altered, or it is damaged. A person must look."),
    Caution("claim_differs", "{source} ghi {field} là «{value}», trên giấy đọc được «{read}»: đối chiếu với bản giấy.", "{source} says “{value}” ({field}); the paper reads “{read}”. Compare them."),
    Caution("claim_alone", "{field} «{value}» chỉ có ở {source}, không đọc thấy trên giấy: cần người xem.", "“{value}” ({field}) is in {source} only, and was not read on the paper."),
    Caution("version_marked", "Tệp mới gửi thay cho tệp của văn bản này có dấu mật nên bị từ chối, không giữ lại: xem văn bản có mật không. Nếu mật, bấm «Văn bản này mật».", "The file sent as a new version of this document bears a secrecy mark and was refused: look whether the document is classified, and declare it so if it is."),
    Caution("version_differs", "Tệp mới đọc ra khác giá trị trong kho ({fields}): đối chiếu với trang.", "The new file reads otherwise than the record ({fields}): compare with the page."),
    Caution("version_pages", "Tệp mới có {now} trang, tệp trước có {was} trang.", "The new file has {now} pages, the one before had {was}."),
    Caution("signature_changed", "Văn bản bị sửa sau khi ký số. Cần người xem.", "The paper was changed after it was signed. A person must look."),
)  # fmt: skip

CAUTIONS: dict[str, Caution] = {caution.code: caution for caution in _CAUTIONS}


def caution_message(code: str, language: Language = "vi", **facts: object) -> str:
    """The sentence of a warning."""
    caution = CAUTIONS[code]
    return (caution.vi if language == "vi" else caution.en).format_map(_Facts(facts))


def caution_in(code: str, message: str, language: Language) -> str:
    """The sentence of a warning that was kept in Vietnamese, in this language; an unknown one unchanged."""
    caution = CAUTIONS.get(code)
    if language == "vi" or caution is None:
        return message
    facts = re.fullmatch(_PART.sub(r"(?P<\1>.*)", re.escape(caution.vi)), message, re.DOTALL)
    return caution.en.format_map(_Facts(facts.groupdict())) if facts else message
