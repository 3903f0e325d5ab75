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
}
DETAILS = {
    "kind": "sổ", "year": "năm", "number": "số", "unit": "đơn vị, người nhận", "copies": "số bản", "note": "ghi chú",
    "places": "địa danh", "years": "năm mở sổ", "direction": "hướng",
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
    "Làm tiếp": "Go on", "còn văn bản chưa xét": "some are left", "số hiện có": "numbers", "Tất cả": "All",
}  # fmt: skip
