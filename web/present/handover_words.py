"""Texts of hand-over for the catalogue: actions of the trail, details, and the English of its pages."""

from __future__ import annotations

from corpus.handover.states import KINDS, STATES

ACTIONS = {
    "handover_give": "chuyển xử lý",
    "handover_finish": "xong phần việc",
    "handover_return": "mở lại phần việc",
    "handover_recall": "thu lại việc đã chuyển",
    "handover_reopen": "mở lại việc đã chuyển",
    "handover_deadline": "đổi hạn xử lý",
    "handover_answered": "đóng việc vì có văn bản trả lời",
    "handover_unanswered": "mở lại việc vì không còn văn bản trả lời",
    "note_add": "ghi ý kiến",
    "note_remove": "bỏ ý kiến",
    "delegate": "ủy quyền",
    "end_delegation": "kết thúc ủy quyền",
    "set_mailbox": "đặt địa chỉ nhận thư nhắc",
    "queue_digests": "lập thư tổng hợp trong ngày",
    "send_notice": "gửi thư nhắc",
}
DETAILS = {
    "handover": "lần chuyển", "for": "làm thay", "to": "chuyển cho", "note": "ý kiến", "note_id": "mã ý kiến",
    "part": "phần việc", "kind": "vai trò xử lý", "result": "kết quả", "deputy": "người được ủy quyền",
    "first": "từ ngày", "day": "ngày", "count": "số lượng", "mail": "có địa chỉ thư", "digest": "thư tổng hợp",
}  # fmt: skip
ENGLISH = {
    "Xử lý": "Tasks", "Xử lý văn bản": "Handed over", "Danh sách": "List", "Hạn xử lý": "Deadline", "hạn": "due",
    "của tôi": "mine", "của đơn vị tôi": "my units'", "tôi đã chuyển": "given by me", "tất cả": "all",
    "Quá hạn": "Overdue", "quá hạn": "overdue", "Sắp đến hạn": "Due soon", "sắp đến hạn": "due soon",
    "Đã kết thúc": "Finished", "không hạn": "no deadline", "người chuyển": "given by", "làm thay": "in his place",
    "thay": "for", "đơn vị": "unit", "Đơn vị": "Units", "Người": "People", "đã biết": "taken note",
    "đã xong": "done", "Đã biết": "Taken note", "Đã xong": "Done", "Chưa xong": "Not done yet",
    "Kết quả": "Result", "Không có việc nào ở đây.": "Nothing here.", "Ủy quyền, thư nhắc": "Delegation, notices",
    "Chuyển xử lý": "Handed over", "Chuyển văn bản này": "Hand this document over", "Với tư cách": "As",
    "Chủ trì": "In charge", "Bút phê": "Leader's note", "Phối hợp, để biết": "Taking part, for information",
    "Chuyển": "Hand over", "ngày/tháng/năm, hoặc số ngày làm việc": "day/month/year, or working days",
    "Đổi hạn, thu lại": "Deadline, take back", "Thu lại, vì": "Taken back, because",
    "Thu lại": "Take back", "Mở lại việc": "Open again", "Ý kiến": "Notes", "Bỏ ý kiến": "Remove note",
    "Thêm ý kiến": "Add a note", "Ủy quyền": "Delegation",
    "Ý kiến của bạn; ai xem được văn bản đều đọc được.": "Your note; whoever may see the document reads it.",
    "Người được ủy quyền thấy việc của bạn và làm thay bạn trong những ngày ấy; nhật ký và trang văn bản ghi rõ ai làm thay ai. Văn bản giới hạn người xem vẫn chỉ người trong nhóm thấy.": "The deputy sees your tasks and acts for you on those days; trail and pages say who acted for whom. A limited document is still seen by its groups alone.",
    "từ ngày": "from", "đến hết ngày": "until", "đang hiệu lực": "in force", "Không có ủy quyền nào.": "None.",
    "Của": "Of", "Ủy quyền cho": "Deputy", "Đến hết ngày": "Until", "Thư nhắc việc": "Notices by e-mail",
    "Kho chưa được nối với máy chủ thư (VANBAN_SMTP_HOST): chưa gửi thư nào.": "No mail server is set (VANBAN_SMTP_HOST): nothing is sent.",
    "Địa chỉ thư; để trống: không nhận": "Mail address; empty: none",
    "Thư mỗi khi có việc được chuyển, đổi hạn, thu lại, trả lời": "A mail whenever something is handed over, moved, taken back, answered",
    "Mỗi ngày làm việc một thư tổng hợp, từ": "One digest each working day, from", "giờ": "o'clock", "Lưu": "Save",
    "Đã chuyển xử lý": "Handed over", "Đã ghi là xong": "Marked as done", "Đã mở lại phần việc": "Marked as not done",
    "Đã thu lại việc đã chuyển": "Taken back", "Đã mở lại": "Opened again", "Đã ghi hạn xử lý": "Deadline saved",
    "Đã ghi ý kiến": "Note saved", "Đã bỏ ý kiến": "Note removed", "Đã ghi ủy quyền cho": "Delegated to",
    "Kết thúc ủy quyền": "End the delegation", "Đã kết thúc ủy quyền": "The delegation has ended",
    "Từ lúc này người được ủy quyền không làm thay được nữa.": "From now on the deputy acts no more.",
    "Đã ghi địa chỉ nhận thư nhắc việc": "Mail address saved", "Lãnh đạo": "Leader",
    "Văn bản chuyển bạn xử lý": "Handed over to you", "Hạn xử lý đã đổi": "The deadline was moved",
    "Việc đã chuyển được thu lại": "Taken back from you", "Việc được mở lại": "Opened again",
    "Việc bạn chuyển đã xong": "Done: handed over by you", "Việc bạn chuyển đã có văn bản trả lời": "Answered: handed over by you",
    "Việc bạn chuyển không còn văn bản trả lời": "The answer is gone: handed over by you", "Còn hạn": "In time",
    "việc đang mở": "open tasks",
    "Thư tự động; đổi hoặc thôi nhận ở trang «Ủy quyền, thư nhắc».": "Sent by the archive; change or stop this on the page “Delegation, notices”.",
    **dict(KINDS.values()),
    **dict(STATES.values()),
    **{words: code.replace("_", " ") for code, words in ACTIONS.items()},
    **{words: code for code, words in DETAILS.items()},
}  # fmt: skip
KIND_WORDS = {code: words[0] for code, words in KINDS.items()}
STATE_WORDS = {code: words[0] for code, words in STATES.items()}
