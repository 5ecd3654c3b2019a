// What probes and devices say, in Vietnamese first. What has no words here is told by its reason,
// and stands behind it as it came.

import { loss, seconds } from "./words.js";

const REASONS = {
  ok: "thông",
  timeout: "không trả lời",
  refused: "từ chối kết nối",
  reset: "ngắt kết nối",
  host_unreachable: "không tới được máy",
  network_unreachable: "không tới được mạng",
  prohibited: "bị tường lửa chặn",
  ttl_exceeded: "đi vòng, hết TTL",
  silent: "nhận kết nối rồi im lặng",
  tarpit: "giữ chân, trả lời nhỏ giọt",
  protocol_error: "trả lời sai giao thức",
  unexpected_answer: "trả lời khác mong đợi",
  certificate_expired: "chứng thư số hết hạn",
  certificate_invalid: "chứng thư số không hợp lệ",
  authentication: "sai mật khẩu hoặc quyền",
  bad_agent: "SNMP trả lời sai",
  no_result: "không có kết quả mới",
  local_error: "máy giám sát không đo được",
};

const DETAILS = {
  "no answer; a wrong community looks the same": "community sai cũng cho kết quả này",
  "no answer": "không trả lời",
  "no result": "chưa có kết quả",
  "the collector is blind": "bộ giám sát bị mù",
  "closed by the peer": "đầu bên kia đóng kết nối",
  "demands a password": "đòi mật khẩu",
  "nothing listens on the port": "không có dịch vụ trên cổng này",
  "event loop stalled": "máy giám sát quá tải",
  "too many open conversations": "máy giám sát đang mở quá nhiều kết nối",
  "STARTTLS is not offered": "không hỗ trợ STARTTLS",
  "more came than is taken": "trả lời dài quá mức nhận",
  "another poll of the device is under way": "đang đọc thiết bị này",
  "the agent answers with errors only": "SNMP chỉ trả lời lỗi",
  "the agent has no valid engine id": "SNMP không có engine id hợp lệ",
  "the target has no SNMP credential": "chưa khai báo thông tin SNMP",
  "answers nobody with this privacy key": "không trả lời với khóa mã hóa này",
};

// Details with a part that only the device or the inventory knows, which is kept as it is.
const PATTERNS = [
  [/^from ([\da-f.:]+)$/i, "do $1 báo"],
  [/^status (\d+) from (\S+)$/, "$2 trả mã $1"],
  [/^(\d+) from (\S+)$/, "$2 trả mã $1"],
  [/^(\S+) instead of (\S+)$/, "$1 thay vì $2"],
  [/^no record of type (\S+)$/, "không có bản ghi loại $1"],
  [/^(\d+) octets until the time was up$/, "chỉ nhận được $1 octet khi hết giờ"],
  [/^sees us as (\S+)$/, "thấy địa chỉ của ta là $1"],
  [/^loss ([\d.]+) ?%$/, "mất gói $1 %"],
  [/^(MOS [\d.]+)$/, "$1"],
  [/^([\d.]+) > ([\d.]+ Mbit\/s)$/, "cần $1, còn $2"],
  [/^loss ([\d.]+)$/, (_, ratio) => `mất gói ${loss(Number(ratio))}`],
  [/^rtt ([\d.]+)$/, (_, value) => `độ trễ ${seconds(Number(value))}`],
  [/^jitter ([\d.]+)$/, (_, value) => `biến động trễ ${seconds(Number(value))}`],
  [/^(\S+) cut$/, "đứt đường truyền $1"],
  [/^link:(.+)$/, "đường truyền $1"],
  [/^target:(.+)$/, "thiết bị $1"],
];

const own = (table, key) => (Object.hasOwn(table, key) ? table[key] : null);

// A reason that this page doesn't know must not pass for an English word on a Vietnamese page.
export const why = (reason) => own(REASONS, reason) ?? "lý do khác";

function inVietnamese(detail) {
  const pattern = PATTERNS.find(([shape]) => shape.test(detail));
  return own(DETAILS, detail) ?? (pattern ? detail.replace(...pattern) : null);
}

// {vi, en}: the reason and what is known of it; en is "" where nothing is left to say in it.
export function told(reason, detail = "") {
  const words = detail ? inVietnamese(detail) : null;
  const raw = [own(REASONS, reason) ? "" : reason, detail].filter(Boolean).join(": ");
  return { vi: words ? `${why(reason)}: ${words}` : why(reason), en: raw };
}

// The same for what may be a reason, a probe with its reason, a detail, or a figure as it came.
export function toldOnly(text) {
  const [, probe, reason] = /^(\S+) (\w+)$/.exec(text) ?? [];
  const vi = own(REASONS, text) ?? inVietnamese(text) ?? (own(REASONS, reason) ? `${probe} ${REASONS[reason]}` : null);
  if (vi !== null) return { vi: figures(vi), en: "" };
  return /^[\d\s.,%()/-]*(ms|s|bit\/s)?$/.test(text) ? { vi: figures(text), en: "" } : { vi: "", en: text };
}

// With the decimal comma that people write.
const figures = (text) => text.replace(/(?<![\d.])(\d+)\.(\d+)(?![\d.])/g, "$1,$2");
