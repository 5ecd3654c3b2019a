"""Phrases of mistakes in classes, checks, flows, contracts and secrets."""

from __future__ import annotations

PHRASES = {
    "unknown probe {}": "phép đo lạ {}",
    "no class matches role {} of tier {}": "không lớp nào hợp với vai trò {} của cấp {}",
    "correct the role, or add it to the roles of a class": (
        "hãy sửa vai trò, hoặc thêm vào roles của một lớp"
    ),
    "class {} matches {}, and so does {} ({})": "lớp {} hợp với {}, mà {} ({}) cũng vậy",
    "take it out of one of them": "hãy bỏ khỏi một trong hai",
    "class {} has a check that needs a credential": "lớp {} có phép đo cần thông tin đăng nhập",
    "write snmp: <credential> here or in class {}": "hãy ghi snmp: <mã> ở đây hoặc trong lớp {}",
    "interval must be at least {}s": "interval phải ít nhất {} giây",
    "takes {}s and more": "cần {} giây trở lên",
    "give it a timeout beyond that": "hãy đặt timeout dài hơn thế",
    "timeout is longer than interval": "timeout dài hơn interval",
    "make it at most as long": "hãy đặt không dài hơn",
    "{} is checked already ({})": "{} đã được đo ({})",
    "contract {} is with {}, and the line is run by {}": (
        "hợp đồng {} ký với {}, mà đường truyền của {}"
    ),
    "has the name {} of carrier {}": "trùng tên {} với nhà mạng {}",
    "each carrier stands once": "mỗi nhà mạng chỉ ghi một lần",
    "has the number {} of contract {}": "trùng số {} với hợp đồng {}",
    "each number is one": "mỗi số chỉ một hợp đồng",
    "kind {} counts by level, not by tiers": "loại {} tính theo level, không theo tiers",
    "remove tiers": "hãy bỏ tiers",
    "kind {} counts by tiers": "loại {} tính theo tiers",
    "name some, and no level": "hãy ghi tiers, và không ghi level",
    # Flows and borders
    "back is for flows that expect pass": "back chỉ dùng cho luồng phải thông",
    "by and control are for flows that expect blocked": (
        "by và control chỉ dùng cho luồng phải chặn"
    ),
    "remove them": "hãy bỏ đi",
    "interval of a blocked flow is at most 60s, so that a way that is open for a minute is seen": (
        "interval của luồng phải chặn nhiều nhất 60s, để thấy cả khi đường chỉ mở một phút"
    ),
    "router and asked_by belong together": "router và asked_by đi cùng nhau",
    "write both, or neither": "hãy ghi cả hai, hoặc không ghi",
    "writes is for a router": "writes chỉ dùng cho bộ định tuyến",
    "no vantage stands in {}": "không điểm đo nào ở trong {}",
    "add one, or remove the border": "hãy thêm, hoặc bỏ ranh giới này",
    "{} begins at {} too": "{} cũng bắt đầu ở {}",
    "name one of the other direction": "hãy ghi luồng chiều ngược lại",
    "{} expects blocked, but border {} ({}) has it among its services": (
        "{} phải chặn, nhưng ranh giới {} ({}) lại coi là dịch vụ"
    ),
    "{} expects pass, but is none of the services of border {} ({})": (
        "{} phải thông, nhưng không thuộc dịch vụ nào của ranh giới {} ({})"
    ),
    "add it there, or remove it": "hãy thêm vào đó, hoặc bỏ đi",
    "{} expects {}, but {} ({}) expects the opposite of the same exchange": (
        "{} mong {}, nhưng {} ({}) mong ngược lại với cùng kết nối"
    ),
    "{} expects {}": "{} mong {}",
    "name a flow that must pass": "hãy ghi một luồng phải thông",
    "{} joins networks that {} ({}) joins": "{} nối các mạng mà {} ({}) đã nối",
    "make them one": "hãy gộp làm một",
    "{} logs in, so it can't tell whether a way is open": (
        "{} có đăng nhập, nên không biết đường có mở hay không"
    ),
    "use tcp": "hãy dùng tcp",
    "{} is in an opaque network, and who is called is told outside": (
        "{} thuộc mạng kín, mà nơi được gọi thì bên ngoài biết"
    ),
    "call another": "hãy gọi nơi khác",
    "{} leaves an opaque network, so it must say nothing": (
        "{} ra khỏi mạng kín, nên không được có nghĩa"
    ),
    "use one or two letters and a number, as p017": "hãy dùng một hai chữ cái và số, như p017",
    # Routers
    "a router can't tell {}": "bộ định tuyến không cho biết {}",
    "add writes to that vantage, or name an operation of the network team": (
        "hãy thêm writes cho điểm đo đó, hoặc ghi phép đo của đội mạng"
    ),
    "no credential for {}": "không có thông tin đăng nhập cho {}",
    "write snmp: <credential> there": "hãy ghi snmp: <mã> ở đó",
    "nothing proves that {} reaches anything at all": "không gì chứng tỏ {} tới được nơi nào",
    "add a flow from it that must pass": "hãy thêm một luồng phải thông từ đó",
    "probe {} is for flows from a router": "phép đo {} dành cho luồng từ bộ định tuyến",
    "write one under flows": "hãy ghi trong flows",
    "{} is a router itself": "{} chính là bộ định tuyến",
    "name a vantage where a collector stands": "hãy ghi điểm đo có đặt máy giám sát",
    "{} is a router, which can only be asked": "{} là bộ định tuyến, chỉ hỏi được",
    "use {}": "hãy dùng {}",
    "{} is no router": "{} không phải bộ định tuyến",
    "add router and asked_by to that vantage": "hãy thêm router và asked_by cho điểm đo đó",
    "{} may not write: only SNMP v3 with authentication and privacy may, and without legacy": (
        "{} không được ghi: chỉ SNMP v3 có xác thực và mã hóa, không legacy"
    ),
    "{} operations of our own at {}": "{} phép đo của ta tại {}",
    "at most {}": "nhiều nhất {}",
    "{} wants an operation of its own at {}, where nobody may write": (
        "{} muốn có phép đo riêng tại {}, nơi không ai được ghi"
    ),
    "{} is no place of a collector": "{} không phải nơi đặt máy giám sát",
    "set one of vantages: {}": "hãy đặt một trong vantages: {}",
    # Meetings and calendars
    "has a part behind #, which is never sent": "có phần sau dấu #, không bao giờ được gửi",
    "login is for url": "login chỉ dùng cho url",
    "a file needs none": "tệp thì không cần",
    "needs either file or url": "cần file hoặc url",
    "url and address belong together": "url và address đi cùng nhau",
    "names are never looked up": "không bao giờ tra tên máy",
    "{} is no address of a calendar": "{} không phải địa chỉ lịch",
    "write https://name/path, without user, password and spaces": (
        "hãy viết https://tên/đường-dẫn, không có tài khoản, mật khẩu và dấu cách"
    ),
    # Secrets
    "too weak: {}": "quá yếu: {}",
    "use sha256 and aes128, or write legacy: true for a device that can do no better": (
        "hãy dùng sha256 và aes128, hoặc ghi legacy: true cho thiết bị không làm được hơn"
    ),
    "priv_key must be given, unless priv_protocol is none, and then it must not": (
        "phải có priv_key, trừ khi priv_protocol là none thì không được có"
    ),
    "is a community that everyone knows": "là community ai cũng biết",
    "set another one": "hãy đặt cái khác",
    "is shorter than 8 characters": "ngắn hơn 8 ký tự",
    "set a longer one (RFC 3414)": "hãy đặt dài hơn (RFC 3414)",
    "is missing": "còn thiếu",
    "give it as systemd credential secret_{}, as file {}, or as environment variable {}": (
        "hãy cho bằng credential secret_{} của systemd, tệp {}, hoặc biến môi trường {}"
    ),
    "is empty": "để trống",
    "write the secret into it": "hãy ghi bí mật vào đó",
    "is open to every user": "mở cho mọi người dùng",
    "run chmod o-rwx {}": "hãy chạy chmod o-rwx {}",
    "may not be read from {}": "không được phép đọc từ {}",
    "let its user read it, or restart the service, which takes new secrets only then": (
        "hãy cho người dùng đó đọc, hoặc khởi động lại dịch vụ để nhận bí mật mới"
    ),
    "cannot be read from {}: {}": "không đọc được từ {}: {}",
    "is not UTF-8 text: {}": "không phải chữ UTF-8: {}",
    "is not a file of at most {} bytes: {}": "không phải tệp tối đa {} byte: {}",
}
