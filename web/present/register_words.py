"""Words of the registers that people read: names of kinds, states and acts, and their English forms."""

from __future__ import annotations

TITLES = {
    "incoming": "Sổ đăng ký văn bản đến",
    "outgoing": "Sổ đăng ký văn bản đi",
    "internal": "Sổ đăng ký văn bản nội bộ",
}
SHORT = {"incoming": "Văn bản đến", "outgoing": "Văn bản đi", "internal": "Nội bộ"}
NUMBERS = {"incoming": "Số đến", "outgoing": "Số đi", "internal": "Số nội bộ"}
PATHS = {"den": "incoming", "di": "outgoing", "noi-bo": "internal"}
"""Kinds as addresses of pages name them."""
STATES = {
    "given": "Đã cấp",
    "reserved": "Đang giữ",
    "cancelled": "Đã hủy",
    "withdrawn": "Đã gỡ khỏi kho",
    "purged": "Đã xóa vì mật",
}
HIDDEN = "Văn bản hạn chế người xem"
ACTIONS = {
    "direction": "xét lại hướng văn bản",
    "register_give": "cấp số vào sổ",
    "register_insert": "chèn số vào sổ",
    "register_reserve": "giữ số",
    "register_fill": "điền số đã giữ",
    "register_cancel": "hủy số trong sổ",
    "register_note": "ghi chú vào sổ",
    "register_move": "chuyển văn bản sang sổ khác",
    "register_restore": "phục hồi số đã hủy",
    "register_add": "mở sổ mới",
    "register_change": "sửa sổ",
    "register_remove": "bỏ sổ",
    "register_begin": "đặt số đầu năm của sổ",
    "register_close": "khóa sổ",
    "register_reopen": "mở lại sổ đã khóa",
}
DETAILS = {
    "kind": "sổ", "year": "năm", "number": "số", "unit": "đơn vị, người nhận", "copies": "số bản", "note": "ghi chú",
    "register": "mã sổ", "register_from": "từ sổ", "body": "cơ quan giữ sổ", "types": "loại văn bản",
    "senders": "cơ quan gửi", "places": "địa danh", "years": "năm mở sổ", "direction": "hướng",
}  # fmt: skip
ENGLISH = {
    **{words: code for code, words in DETAILS.items()},
    **{words: code.replace("_", " ") for code, words in ACTIONS.items()},
    "Sổ đăng ký văn bản đến": "Register of incoming documents", "Sổ đăng ký văn bản đi": "Register of outgoing documents",
    "Sổ đăng ký văn bản nội bộ": "Register of internal documents", "Sổ văn bản": "Registers",
    "Văn bản đến": "Incoming", "Văn bản đi": "Outgoing", "Nội bộ": "Internal", "Văn bản nội bộ": "Internal",
    "Số đến": "Arrival number", "Số đi": "Outgoing number", "Số nội bộ": "Internal number", "Số trong sổ": "Number in the register",
    "Đã cấp": "Given", "Đang giữ": "Reserved", "Đã hủy": "Cancelled", "Đã xóa vì mật": "Purged as classified",
    HIDDEN: "Limited document", "Hướng văn bản": "Direction", "Ngày đến": "Arrival date",
    "Ngày vào sổ": "Registered on", "Đơn vị, người nhận": "Unit or person", "Số bản": "Copies", "Ghi chú": "Note",
    "Các sổ": "Registers", "Mức khẩn": "Urgency", "Từ ngày": "From", "Đến ngày": "To",
    "Sổ chưa có số nào.": "This register has no number yet.", "Không có số nào khớp với bộ lọc.": "No number fits the filter.",
    "Số trước": "Earlier numbers", "Số sau": "Later numbers", "Cuối sổ": "End of the register", "Số cuối": "Last number",
    "Giữ số": "Reserve numbers", "Giữ": "Reserve", "Bao nhiêu số": "How many", "Để làm gì": "What for", "Đã giữ số": "Reserved",
    "Hủy số": "Cancel the number", "Lý do hủy": "Reason for cancelling", "Đã hủy số": "Cancelled", "Điền văn bản": "Fill in a document",
    "Mã văn bản": "Document ID", "Điền": "Fill in", "Đã điền số": "Filled in", "Lưu": "Save", "Đã ghi": "Saved",
    "Dòng của sổ": "Line of the register", "Cấp số": "Give a number", "Vào sổ": "Register", "Vào sổ khác": "Another register", "Đã cấp số": "Number given", "Cấp số tiếp theo": "Give the next number",
    "Chèn sau số": "Insert behind number", "Chèn": "Insert", "Vào sổ muộn": "Register late", "Ngày vào sổ (nếu khác hôm nay)": "Day (if not today)",
    "In sổ": "Print", "Tải PDF": "Download PDF", "Báo cáo tổng hợp": "Summary", "Mục lục văn bản": "List of documents",
    "Việc với số này": "Acts", "Chưa vào sổ nào.": "In no register yet.", "người cấp": "by",
    "Tên cơ quan, địa danh và năm mở sổ": "Name, places and register years", "Địa danh, cách nhau bằng dấu ;": "Places, apart by ;",
    "Mở sổ từ năm": "Registers from", "đến năm": "until", "Năm mở sổ": "Register years",
    "Hướng của văn bản (đến, đi, nội bộ) suy từ các cơ quan này; kho cũng chỉ xét thiếu số trong dãy số của họ.": "A paper's direction follows from these bodies; only their runs of numbers are looked through for gaps.",
    "Xét lại hướng của mọi văn bản": "Work out all directions again", "Đã xét lại hướng": "Directions looked at again", "văn bản đổi hướng": "changed",
    "Sổ chung": "Common register", "chuyển sang": "moved to", "Chuyển sang sổ khác": "Move to another register", "Sổ": "Register",
    "Chuyển sổ": "Move", "Đã chuyển sổ": "Moved", "Lý do chuyển sổ": "Reason for moving",
    "Số ở sổ này thành số đã hủy, ghi rõ văn bản sang đâu; chuyển về thì văn bản lấy lại số cũ.": "The number here becomes a cancelled one that says where the paper went; moved back, the paper has its old number again.",
    "Phục hồi số đã hủy": "Restore the cancelled number", "Lý do phục hồi": "Reason for restoring", "Phục hồi": "Restore", "Đã phục hồi số": "Restored",
    "Mỗi sổ đánh số riêng, mỗi năm từ số 1. Văn bản tự vào sổ hợp nhất với nó; không hợp sổ nào thì vào sổ chung của hướng. Văn thư chọn sổ khác được.": "Each register has numbers of its own, each year from 1. A paper goes by itself into the register that fits it best, else into the common one of its direction; a clerk may choose another.",
    "đã khóa": "closed", "số đầu năm": "first number", "Số đầu năm": "First number of", "Lưu số đầu năm": "Save the first number", "Cơ quan gửi": "Senders",
    "chỉ vào khi văn thư chọn": "by a clerk's choice alone", "mọi văn bản không thuộc sổ khác": "all that belongs into no other",
    "Sửa, khóa sổ": "Change, close", "Tên sổ": "Name", "Sổ của": "Kept by", "cả cơ quan": "the whole office",
    "Loại văn bản tự vào sổ": "Types that go in by themselves", "Cơ quan gửi tự vào sổ": "Senders whose papers go in by themselves",
    "Mở từ năm": "Kept from", "Bỏ sổ": "Remove", "Mở lại sổ, vì": "Open again, because", "Mở lại": "Open again",
    "Khóa sổ": "Close", "Khóa sổ năm": "Close the register of", "Sau khi khóa: in sổ, ký; không cấp, sửa, hủy số được nữa.": "Then print and sign it; no number can be given, changed or cancelled any more.",
    "Mở sổ mới": "A new register", "Mở sổ": "Open", "Đã mở sổ": "Opened",
    "Nhiều loại hay nhiều cơ quan: cách nhau bằng dấu chấm phẩy. Nhóm cơ quan có sẵn": "Several types or senders: apart by semicolons. Kinds of senders",
    "Số ghi trên văn bản": "Number on the paper", "số đi trong sổ": "number in the register",
    "Xem lại: sai sổ thì chuyển sổ, văn bản cũ thì đặt số đầu năm hoặc vào sổ muộn.": "Look again: move it if the register is wrong; for old papers set the year's first number, or register late.",
    "Đã đặt số đầu năm": "First number set", "Đã khóa sổ": "Closed", "Đã mở lại sổ": "Opened again",
    "Sổ đã khóa ngày": "Closed on", "không cấp, sửa, hủy số được nữa.": "no number can be given, changed or cancelled.",
    "Làm tiếp": "Go on", "còn văn bản chưa xét": "some are left", "số hiện có": "numbers", "Tất cả": "All",
}  # fmt: skip
