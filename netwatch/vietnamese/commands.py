"""Phrases of settings and of the command line."""

from __future__ import annotations

PHRASES = {
    # Settings
    "is not TOML: {}": "không phải TOML: {}",
    "is not UTF-8": "không phải UTF-8",
    "save it as UTF-8": "hãy lưu dạng UTF-8",
    "is not a setting": "không phải thiết lập",
    "must be a web address by IP address such as http://127.0.0.1:9093": (
        "phải là địa chỉ web bằng IP, như http://127.0.0.1:9093"
    ),
    "must be a web address such as https://grafana.haiduong.gov.vn": (
        "phải là địa chỉ web, như https://grafana.haiduong.gov.vn"
    ),
    "{} is not a host name or address": "{} không phải tên máy hay địa chỉ",
    "write it without scheme and port": "hãy viết không có giao thức và cổng",
    "{} is not address:port": "{} không phải địa-chỉ:cổng",
    "write e.g. 127.0.0.1:10880 or [::1]:10880": "hãy viết ví dụ 127.0.0.1:10880 hoặc [::1]:10880",
    "needs web_config, a file with basic_auth_users": "cần web_config, tệp có basic_auth_users",
    "set it, or remove this": "hãy đặt, hoặc bỏ mục này",
    "{} is not in basic_auth_users of web_config": (
        "{} không có trong basic_auth_users của web_config"
    ),
    "a gate has no basic_auth_users: vantages have certificates": (
        "cổng nhận số liệu không có basic_auth_users: các điểm đo dùng chứng thư"
    ),
    # Places
    "no such site": "không có điểm này",
    "no such target": "không có đích này",
    "no such site or target with checks": "không có điểm hay đích nào như vậy có phép đo",
    "no such target with an SNMP check": "không có đích nào như vậy có phép đo SNMP",
    "is no target with an SNMP check": "không phải đích có phép đo SNMP",
    "give SITE": "hãy ghi ĐIỂM",
    "give SITE/TARGET": "hãy ghi ĐIỂM/ĐÍCH",
    "give SITE or SITE/TARGET": "hãy ghi ĐIỂM hoặc ĐIỂM/ĐÍCH",
    "give SITE/TARGET or an address": "hãy ghi ĐIỂM/ĐÍCH hoặc một địa chỉ",
    "give SITE/TARGET, or ADDRESS and --credential": (
        "hãy ghi ĐIỂM/ĐÍCH, hoặc ĐỊA CHỈ và --credential"
    ),
    "no such credential": "không có thông tin đăng nhập này",
    "see netwatch check": "xem netwatch check",
    "see docs/border-routers.md": "xem docs/border-routers.md",
    "{} asks no such router": "{} không hỏi bộ định tuyến nào như vậy",
    "is for a site": "chỉ dùng cho một điểm",
    "nothing is known of {}": "không biết gì về {}",
    "{} is no state": "{} không phải trạng thái",
    "is nothing of the audit": "không có trong nhật ký kiểm tra",
    # The journal and other files
    "is not set, so there is no journal": "chưa đặt, nên không có nhật ký",
    "is not set, so there is no audit": "chưa đặt, nên không có nhật ký kiểm tra",
    "is not set, so nothing can be announced": "chưa đặt, nên không báo được gì",
    "is not set, so there are no records": "chưa đặt, nên không có biên bản",
    "set it": "hãy đặt",
    "cannot be written: {}": "không ghi được: {}",
    "cannot be changed: {}": "không sửa được: {}",
    "run it as its user": "hãy chạy bằng người dùng của nó",
    "run netwatch with this state_dir first, or as its user": (
        "hãy chạy netwatch với state_dir này trước, hoặc bằng người dùng của nó"
    ),
    "has changed, but the audit can't be written: {}": (
        "đã đổi, nhưng không ghi được nhật ký kiểm tra: {}"
    ),
    "make room, or repair the disk": "hãy giải phóng chỗ, hoặc sửa đĩa",
    "is damaged: {}": "bị hỏng: {}",
    "correct or remove it": "hãy sửa hoặc bỏ đi",
    "has {} entries already": "đã có {} mục",
    "end some of them": "hãy kết thúc bớt",
    # Incidents, meetings, reports
    "run netwatch incidents --since 30d": "hãy chạy netwatch incidents --since 30d",
    "has no record": "không có biên bản",
    "has not begun, or was more than a year ago": "chưa bắt đầu, hoặc đã hơn một năm",
    "is not a key": "không phải mã cuộc họp",
    "write e.g. giao-ban@2026-01-05T08:00": "hãy viết ví dụ giao-ban@2026-01-05T08:00",
    "is not a meeting of that day": "không phải cuộc họp của ngày đó",
    "netwatch meetings --past names them": "netwatch meetings --past liệt kê các cuộc họp",
    "of which meeting? give its KEY, as --past shows it": (
        "của cuộc họp nào? hãy ghi KEY như --past cho thấy"
    ),
    "must be a whole number from 1 to {}": "phải là số nguyên từ 1 đến {}",
    "must be a whole number from 1 to {}, not {}": "phải là số nguyên từ 1 đến {}, không phải {}",
    "{} has not begun yet": "{} chưa bắt đầu",
    "write a month that has": "hãy ghi một tháng đã bắt đầu",
    "{} is not a period": "{} không phải kỳ báo cáo",
    "write a month (2026-11), a year (2026) or last": (
        "hãy ghi tháng (2026-11), năm (2026) hoặc last"
    ),
    "is the journal of {}, and the inventory is of {}": "là nhật ký của {}, mà kho dữ liệu của {}",
    "give the state_dir of this province": "hãy cho state_dir của tỉnh này",
    "{} is not a site": "{} không phải điểm",
    "has no known ending": "có đuôi tệp lạ",
    "write one of {}": "hãy viết một trong: {}",
    "{} is no map": "{} không phải bản đồ",
    "write a file .svg or .geojson": "hãy ghi tệp .svg hoặc .geojson",
    # Files for Prometheus
    "can't be read: {}": "không đọc được: {}",
    "has no job {}, as the shipped file has": "không có job {} như tệp kèm theo",
    "is no prometheus.yml: {}": "không phải prometheus.yml: {}",
    "{} series of {}: too many for one collector": (
        "{} chuỗi của {}: quá nhiều cho một máy giám sát"
    ),
    # What else is asked for
    "is not an OID": "không phải OID",
    "give numbers and dots, e.g. 1.3.6.1.2.1": "hãy ghi số và dấu chấm, ví dụ 1.3.6.1.2.1",
    "{} is not a network": "{} không phải mạng",
    "write e.g. 10.16.0.0/24 or 10.16.0.5": "hãy viết ví dụ 10.16.0.0/24 hoặc 10.16.0.5",
    "reflect: can't listen on {}: {}": "reflect: không nghe được ở {}: {}",
    "choose another --address or --port": "hãy chọn --address hoặc --port khác",
    "ports below 1024 need CAP_NET_BIND_SERVICE": "cổng dưới 1024 cần CAP_NET_BIND_SERVICE",
    "the lab needs {}": "lab cần {}",
    "run: pip install 'netwatch[lab]'": "hãy chạy: pip install 'netwatch[lab]'",
    "traps: can't listen on {}: {}": "traps: không nghe được ở {}: {}",
    "choose another port, or let systemd open it: docs/snmp-profiles.md": (
        "hãy chọn cổng khác, hoặc để systemd mở: docs/snmp-profiles.md"
    ),
    "{} is not a time": "{} không phải thời điểm",
    (
        "write day/month/year hour:minute, e.g. 05/12/2026 22:00,"
        " or 22:00 for the next time that it is"
    ): ("hãy viết ngày/tháng/năm giờ:phút, ví dụ 05/12/2026 22:00, hoặc 22:00 cho lần tới"),
    "{} is not a host name": "{} không phải tên máy",
    "write e.g. mail.haiduong.gov.vn": "hãy viết ví dụ mail.haiduong.gov.vn",
    "{} is not a readable file of PEM certificates": "{} không phải tệp chứng thư PEM đọc được",
    "{} is not a path": "{} không phải đường dẫn",
    "write it as in a URL, e.g. /health?full=1": "hãy viết như trong URL, ví dụ /health?full=1",
}
