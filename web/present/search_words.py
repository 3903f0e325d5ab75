"""English of the texts of search, of the list of documents and of named searches (web.present.catalogue)."""

from __future__ import annotations

SEARCH_ENGLISH = {
    "Tìm theo ngày, loại, cơ quan, người ký": "Search by day, type, body, signer",
    "Hiểu là": "Understood as", "Tìm như từ thường": "Search as words", "tìm như từ thường": "search as words",
    "Cơ quan": "Body", "Tháng": "Month", "Quý": "Quarter", "Khoảng ngày": "Days",
    "Câu tìm dài quá: chỉ phần đầu được dùng.": "The question is too long: only its beginning was used.",
    "Không có văn bản nào viết đúng dấu": "No document has these accents:",
    "dưới đây là những chữ khác dấu.": "below are words with other accents.",
    "văn bản đúng mọi điều đã hiểu; các văn bản khác chỉ có những chữ này.":
        "documents have all that was understood; the others only have the words.",
    "Câu gõ khi chưa bật bộ gõ, hiểu là": "Typed with the keyboard program off, read as",
    "Không lấy văn bản có": "Left out: documents with",
    "Không có văn bản nào đúng mọi điều đã hiểu; dưới đây là văn bản có nhắc đến những chữ này.":
        "No document has all that was understood; those below have the words.",
    "văn bản có đủ các từ đứng trước; các văn bản sau thiếu vài từ.":
        "documents have all words and come first; those after them lack some.",
    "Không có văn bản nào đủ các từ; dưới đây là văn bản có phần lớn các từ.":
        "No document has all words; those below have most of them.",
    "văn bản gần như nhau trên trang này; thêm số, năm hoặc cơ quan để phân biệt.":
        "documents on this page are nearly the same; add number, year or body to tell them apart.",
    "Đã bỏ qua:": "Left out:", "Không có:": "Lacks:",
    "Đặt tên, dùng chung": "Name, share", "Dùng chung cho cả cơ quan": "Share with the whole office",
    "dùng chung": "shared", "Tìm kiếm dùng chung": "Shared searches", "Đã lưu tên tìm kiếm.": "The name is saved.",
    "đặt tên tìm kiếm": "name a search", "câu tìm đã lưu": "saved search",
    "dùng chung cả cơ quan": "shared with all",
    "Danh sách văn bản": "All documents", "Chọn cột": "Choose columns", "Hiện các cột này": "Show these columns",
    "Chọn": "Choose", "Ngày nhận": "Received", "Tải XLSX các văn bản đã chọn": "Download the chosen as XLSX",
    "Tải CSV các văn bản đã chọn": "Download the chosen as CSV", "Tên": "Name", "Lưu": "Save",
    "ngày, loại, cơ quan, năm gõ thế nào cũng hiểu; đặt trong ngoặc kép để tìm như từ thường":
        "days, types, bodies, years in any form; in quotation marks they are words",
}  # fmt: skip
