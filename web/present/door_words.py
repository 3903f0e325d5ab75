"""English of the texts of sign-in, sessions and the second factor; the Vietnamese text is the key."""

from __future__ import annotations

DOOR_ENGLISH = {
    "Nhập mã xác thực": "Enter the code",
    "Mở ứng dụng xác thực trên điện thoại và gõ 6 chữ số đang hiện. Không có điện thoại: gõ một mã dự phòng.": (
        "Type the 6 digits that the authenticator app on your phone shows. Without the phone: a recovery code."
    ),
    "Đăng nhập bằng tài khoản khác": "Sign in with another account",
    "Bạn vừa dùng một mã dự phòng. Số mã còn lại": "You used a recovery code. Codes left",
    "Xác thực hai bước": "Second factor",
    "xác thực hai bước": "the second factor",
    "Đặt xác thực hai bước": "Set up the second factor",
    "Đang bật từ": "On since",
    "Đang tắt.": "Off.",
    "Mã dự phòng còn lại": "Recovery codes left",
    "Tài khoản này đăng nhập ở nơi đăng nhập chung; xác thực hai bước đặt ở đó.": (
        "This account signs in at the identity provider; its second factor is set up there."
    ),
    "Vai trò của bạn bắt buộc xác thực hai bước. Bật để tiếp tục.": (
        "Your role requires a second factor. Set it up to go on."
    ),
    "Xác thực hai bước đang bật.": "The second factor is on.",
    "Mã dự phòng": "Recovery codes",
    "Dùng khi không có điện thoại; mỗi mã dùng một lần. In hoặc chép lại và cất nơi an toàn: chỉ hiện lần này.": (
        "For when the phone is not at hand; each works once. Print or copy them and keep them safe: shown this once."
    ),
    "Đã cất mã, tiếp tục": "The codes are kept, go on",
    "Tạo mã dự phòng mới": "Make new recovery codes",
    "Tạo mã dự phòng mới?": "Make new recovery codes?",
    "Mã dự phòng cũ hết tác dụng.": "The old recovery codes become void.",
    "Bật xác thực hai bước": "Switch the second factor on",
    "Tắt xác thực hai bước": "Switch the second factor off",
    "Tắt xác thực hai bước?": "Switch the second factor off?",
    "Đã tắt xác thực hai bước.": "The second factor is off.",
    "Đăng nhập chỉ còn hỏi mật khẩu. Mã dự phòng hết tác dụng.": (
        "Sign-in asks for the password alone. The recovery codes become void."
    ),
    "Cài một ứng dụng xác thực trên điện thoại, loại nào cũng được.": (
        "Install an authenticator app on your phone, whichever you like."
    ),
    "Trong ứng dụng, quét hình này.": "Scan this picture in the app.",
    "Mã QR chứa khóa; cũng gõ tay được ở dưới": "QR code with the key; it can be typed too, see below",
    "Không quét được: gõ khóa này": "Can't scan: type this key",
    "Gõ 6 chữ số mà ứng dụng hiện.": "Type the 6 digits that the app shows.",
    "Bật": "Switch on",
    "Khi đăng nhập, ngoài mật khẩu còn hỏi 6 chữ số của một ứng dụng trên điện thoại. Ai biết mật khẩu mà không có "
    "điện thoại của bạn thì không vào được.": (
        "Sign-in asks for 6 digits of an app on your phone besides the password. Who knows the password alone does "
        "not get in."
    ),
    "hai bước": "second factor",
    "Đặt lại": "Reset",
    "Đặt lại xác thực hai bước của": "Reset the second factor of",
    "Đã đặt lại xác thực hai bước": "Second factor reset",
    "Người này đăng nhập không cần mã nữa và phải đăng nhập lại ở mọi máy. Chỉ làm khi biết chắc người yêu cầu là chủ "
    "tài khoản.": (
        "Sign-in asks this person for no code any more, and all sessions end. Do it only when you are sure that the "
        "owner asks for it."
    ),
    "Gộp các ảnh thành một văn bản": "Join the pictures into one document",
    "Lên trước": "Move before",
    "Xuống sau": "Move behind",
    "Xoay": "Turn",
    "Chụp nhiều trang thành một văn bản": "Photos of several pages as one document",
    "Chụp hoặc chọn ảnh các trang, xếp đúng thứ tự, xoay đúng chiều, rồi gộp.": "Take or choose photos of the pages, put them in order, turn them upright, and join them.",
    "Chụp trang": "Take a photo",
    "Chọn ảnh": "Choose pictures",
    "Tên văn bản": "Name of the document",
    "Gộp thành một văn bản": "Join into one document",
    "Bỏ hết": "Discard all",
    "Mục": "Menu",
    "Nền tối": "Dark theme",
    "quá hạn": "overdue",
    "Không có mạng": "No network",
    "Không liên lạc được với kho. Kiểm tra mạng rồi thử lại; văn bản không được giữ trên máy này.": "The archive can't be reached. Check the network and try again; no document is kept on this device.",
    "Bắt đầu từ đâu": "First steps",
    "Tạo tài khoản cho từng người": "Make an account for each person",
    "Nêu cơ quan mà kho giữ đủ văn bản": "Name the bodies whose papers the archive keeps",
    "Xem bộ đọc nền và bản sao lưu đã chạy chưa": "See that reading and backup run",
    "Đưa văn bản vào: tệp, thư mục, ảnh chụp bằng điện thoại": "Send documents: files, folders, photos of a phone",
    "Tiếp nhận": "Send documents",
    "Máy đọc xong, kiểm tra những chỗ chưa chắc": "Once they are read, check what is uncertain",
    "Chờ kiểm tra": "To be checked",
    "Văn thư đưa văn bản vào kho; văn bản mới hiện ngay ở trang này.": "The clerk sends documents; new ones appear on this page.",
    "Mọi việc trong kho được ghi lại": "All that is done is on record",
    "Văn bản giao cho bạn hiện ở": "Papers handed to you are listed under",
    "Kết thúc mọi phiên khác": "End all other sessions",
    "Kết thúc mọi phiên khác?": "End all other sessions?",
    "Các máy khác phải đăng nhập lại.": "The other machines have to sign in again.",
    "Đã kết thúc các phiên khác": "Other sessions ended",
}
