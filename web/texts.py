"""The one catalogue of what pages say: the Vietnamese text is the key, English the second language."""

from __future__ import annotations

from collections.abc import Callable

from corpus.errors import Language

RELATIONS = {
    "basis": "căn cứ",
    "implements": "thực hiện",
    "refers": "dẫn chiếu",
    "mentions": "nhắc đến",
    "guides": "hướng dẫn",
    "amends": "sửa đổi, bổ sung",
    "replaces": "thay thế",
    "repeals": "bãi bỏ",
    "suspends": "đình chỉ",
    "revokes": "thu hồi, hủy bỏ",
    "extends": "gia hạn",
    "corrects": "đính chính",
    "consolidates": "hợp nhất",
    "promulgates": "ban hành",
    "annex_of": "kèm theo",
    "approves": "phê duyệt",
    "replies": "trả lời",
    "on_proposal": "theo đề nghị",
    "considers": "xét",
    "follows_up": "tiếp theo",
    "transmits": "gửi kèm",
    "nested": "dẫn qua văn bản khác",
}
STATUSES = {
    "queued": "Chờ đọc",
    "reading": "Đang đọc",
    "review": "Cần xem",
    "accepted": "Đã xong",
    "refused": "Không nhận",
    "failed": "Không đọc được",
    "withdrawn": "Đã thu hồi",
}
ACTIONS = {
    "receive": "nhận tệp",
    "receive_again": "nhận lại tệp",
    "read": "máy đọc",
    "accept": "duyệt",
    "correct": "sửa",
    "undo": "hoàn tác",
    "withdraw": "thu hồi",
    "reinstate": "đưa trở lại",
    "retry": "đọc lại",
    "refuse": "không nhận",
    "fail": "không đọc được",
    "requeue": "xếp lại hàng đợi",
    "original_faulty": "bản gốc có lỗi",
    "settle_citation": "định viện dẫn",
    "settle_conflict": "giải quyết mâu thuẫn",
    "view": "xem",
    "search": "tìm",
    "download": "tải bản gốc",
    "export": "xuất danh sách",
    "sign_in": "đăng nhập",
    "sign_in_failed": "đăng nhập sai",
    "sign_out": "đăng xuất",
    "add_user": "thêm tài khoản",
    "set_role": "đổi vai trò",
    "set_password": "đổi mật khẩu",
    "enable_user": "mở tài khoản",
    "disable_user": "đóng tài khoản",
}

ENGLISH = {
    "(viện dẫn văn bản này)": "(cites this document)", "Ai": "Who", "Bắt đầu từ văn bản chờ lâu nhất": "Start with the one that has waited longest",
    "Bỏ lọc": "Remove filter", "Bỏ mọi bộ lọc": "Remove all filters", "Bộ máy": "Engine", "Chi tiết": "Detail",
    "Chuỗi bị đứt ở dòng": "The chain is broken at row", "Chuỗi nhật ký nguyên vẹn.": "The audit chain is unbroken.", "Chính": "Main",
    "Chưa có trang nào được đọc.": "No page has been read yet.", "Chưa có văn bản nào viện dẫn.": "Nothing cites it yet.", "Chưa gửi tệp nào.": "No file sent yet.",
    "Chưa rõ": "Ambiguous", "Chỉ gõ số và ký hiệu, ví dụ 31/KH-STTTT.": "Type the number alone, such as 31/KH-STTTT.", "Chỉ hiện lần này.": "Shown this once.",
    "Chỉ mục": "Index", "Chờ cập nhật": "To be updated", "Chờ lâu nhất": "Longest wait", "Chờ đọc": "Waiting", "Chữ trong văn bản": "Text",
    "Các trang kết quả": "Pages of results", "Các trang nhật ký": "Pages of the trail", "Cách tìm": "How to search", "Có phải bạn tìm": "Did you mean",
    "Cũ hơn": "Older", "Cũ nhất": "Oldest", "Cơ quan": "Issuer", "Cơ quan ban hành": "Issuer", "Cơ quan chủ quản": "Superior body", "Cần tìm": "Wanted", "Cần xem": "To review",
    "Duyệt": "Review", "Duyệt, sang văn bản sau": "Accept, next", "Dùng được": "Usable", "Ghi sửa đổi": "Save", "Hoàn tác": "Undo", "Hàng đợi": "Queue", "Hệ thống": "System",
    "Họ tên": "Full name", "In trên giấy": "As printed", "Kho chưa có văn bản nào.": "The archive is empty.",
    "Kho văn bản của cơ quan: quét vào, tìm ra, lần theo viện dẫn.": "The office's archive: scans in, documents found, citations followed.",
    "Không còn văn bản nào chờ xem.": "Nothing waits for review.", "Không gửi được. Kiểm tra mạng rồi thử lại.": "Not sent. Check the network and try again.",
    "Không nhận": "Refused", "Không số": "No number", "Không thiếu văn bản nào.": "Nothing is missing.", "Không thực hiện được": "This could not be done",
    "Không tìm thấy văn bản nào.": "Nothing found.", "Không viện dẫn văn bản nào.": "It cites nothing.", "Không đọc được": "Unreadable", "Kiểm tra": "Auditor", "Kiểm tra chuỗi": "Verify the chain",
    "Kính gửi": "To", "Kính gửi và Nơi nhận: mỗi dòng một nơi.": "Addressees and recipients: one a line.",
    "Kết quả tìm": "Results", "Loại văn bản": "Type", "Lúc": "When", "Lý do": "Reason", "Lần đăng nhập gần đây": "Latest sign-ins", "Lịch sử sửa": "History", "Lọc": "Filter",
    "Mâu thuẫn": "Conflicts", "Mã": "Code", "Mã văn bản": "Document ID", "Mật khẩu": "Password", "Mật khẩu của": "Password of", "Mật khẩu mới": "New password",
    "Mọi viện dẫn đều rõ.": "Every citation is clear.", "Mới hơn": "Newer", "Mới nhất": "Newest", "Mới nhận": "Latest arrivals", "Mở": "Open", "Mở lại": "Reopen",
    "Ngày": "Date", "Ngày ban hành": "Date", "Người ký": "Signer", "Người đọc": "Reader", "Nhật ký": "Audit", "Năm": "Year", "Nơi nhận": "Recipients",
    "Những gì bạn gõ vẫn còn dưới đây; giá trị mới trong kho ghi bên dưới từng ô. Xem lại rồi ghi lần nữa.": "What you typed is still below, with the store's present value under each field. Look and save again.",
    "PDF, TIFF, PNG, JPEG, DOCX, TXT, MD, ZIP; mỗi tệp tối đa": "PDF, TIFF, PNG, JPEG, DOCX, TXT, MD, ZIP; each at most", "Phóng to": "Zoom in", "Quyền hạn ký": "Signing authority", "Quản trị": "Administrator",
    "Sau": "Next", "Sát nhất": "Relevance", "Số văn bản": "Documents", "Số văn bản viện dẫn": "Cited by", "Số, ký hiệu": "Number", "Số, ký hiệu, từ trong văn bản, cơ quan…": "Number, words, issuer…",
    "Sửa": "Edit", "Thiết lập": "Settings", "Thu hồi": "Withdraw", "Thu hồi văn bản này": "Withdraw this document", "Thu nhỏ": "Zoom out", "Thêm": "Add", "Thử lại": "Try again",
    "Thử ít từ hơn, hoặc bỏ dấu ngoặc kép.": "Try fewer words, or no quotation marks.", "Trang": "Page", "Trang của văn bản": "Pages of the document", "Trong kho": "In the store", "Trích yếu": "Subject",
    "Trùng số, ký hiệu, cơ quan và năm với": "Same number, issuer and year as", "Trước": "Previous", "Tài khoản": "Accounts", "Tên tài khoản": "Account name", "Tìm": "Search", "Tìm văn bản": "Search documents",
    "Tình trạng": "State", "Tải CSV": "Download CSV", "Tải bản gốc": "Download original", "Tải lên": "Upload", "Tải văn bản lên": "Upload documents", "Tất cả": "All", "Tệp": "File", "Tới nội dung": "Skip to content",
    "Vai trò": "Role", "Việc": "Action", "Việc hỏng": "Failed jobs", "Viện dẫn": "Citations", "Viện dẫn chưa rõ là văn bản nào": "Citations that may mean several documents", "Viện dẫn đến": "Cites",
    "Văn bản": "Document", "Văn bản mẫu": "Sample", "Văn thư": "Clerk", "Về trang tìm": "To the search page", "Xem": "View", "Xem các văn bản được viện dẫn mà kho chưa có": "See what is cited but not held",
    "Xem và duyệt": "Review", "chưa chắc": "uncertain", "chưa có trong kho": "not held", "chưa rõ": "ambiguous", "còn": "left", "có": "yes", "cần xem": "look", "không": "no", "không có từ này": "without this word",
    "ngày": "of", "sai": "failed", "số, ký hiệu, viết cách nào cũng được": "a number in any spelling", "trang": "page", "văn bản": "documents", "văn bản chưa có số": "a document without number", "văn bản viện dẫn": "documents cite",
    "Đang đọc": "Reading", "Đã có trong kho": "Held already", "Đã gửi gần đây": "Sent of late", "Đã nhận": "Taken", "Đã thu hồi": "Withdrawn", "Đã xong": "On record", "Đóng": "Close",
    "Đóng trang này không mất gì: tệp đã nhận vẫn được đọc tiếp.": "Closing this page loses nothing: files taken are read on.", "Đăng nhập": "Sign in", "Đăng xuất": "Sign out", "Đường lên văn bản gốc": "Up to the top directive",
    "Được viện dẫn bởi": "Cited by", "Được viện dẫn mà kho chưa có": "Cited but not held", "Đổi vai trò": "Change role", "đã đóng": "closed", "đúng cụm từ": "the exact phrase", "được": "well",
    "Địa danh": "Place", "Chức vụ": "Title", "Độ khẩn": "Urgency",
    "Chọn": "Choose", "Giá trị": "Value", "Trường": "Field", "Sửa hàng loạt": "Change all", "Sửa một trường của các văn bản đã chọn": "Change one field of the chosen documents", "Số văn bản đã sửa": "Documents changed",
    "trùng số": "same number", "đang mở": "open at", "Nhập tay": "Enter by hand", "Để sau": "Later", "So hai bản": "Compare", "So hai bản có cùng số, ký hiệu": "Two papers with the same number",
    "Nếu là một văn bản quét hai lần, thu hồi bản kém hơn; nếu là hai văn bản khác nhau, sửa trường bị đọc sai.": "One paper scanned twice: withdraw the worse scan. Two papers: correct the field that was misread.",
    "Nhận lúc": "Taken at", "Thu hồi bản này": "Withdraw this one", "Trùng với văn bản": "The same as document", "Đồng nghiệp đang mở văn bản này": "A colleague has this document open", "Sang văn bản khác": "Take another",
    "Khoanh một ô trên trang để đọc lại vào trường đang chọn.": "Draw a box on the page to read it again into the chosen field.", "Đang đọc ô đã khoanh…": "Reading the box…", "ngày/tháng/năm": "day/month/year",
    "Kéo tệp hoặc thư mục vào bất cứ đâu trên trang": "Drop files or folders anywhere on the page", "Chọn tệp": "Choose files", "Chọn thư mục": "Choose a folder", "Theo dõi": "Follow", "Đưa trở lại": "Bring back",
    **{words: code.replace("_", " ") for code, words in (RELATIONS | ACTIONS).items()},
}  # fmt: skip


def translator(language: Language) -> Callable[[str], str]:
    """What templates call `_`; a text without an English form stays Vietnamese rather than failing the page."""
    if language == "vi":
        return str
    return lambda text: ENGLISH.get(text, text)
