// Words, numbers and times as the operators read them.

export const STATES = {
  down: { vi: "mất kết nối", en: "down" },
  unreachable: { vi: "không tới được", en: "unreachable" },
  degraded: { vi: "suy giảm", en: "degraded" },
  unknown: { vi: "chưa rõ", en: "unknown" },
  maintenance: { vi: "bảo trì", en: "maintenance" },
  up: { vi: "thông suốt", en: "up" },
};
export const BY_SEVERITY = Object.keys(STATES);
export const PROBLEMS = ["down", "unreachable", "degraded"];

export const FLOWS = {
  violated: { vi: "bị vi phạm", en: "violated", icon: "degraded", tone: "down" },
  broken: { vi: "bị đứt", en: "broken", icon: "down", tone: "down" },
  unknown: { vi: "chưa rõ", en: "unknown", icon: "unknown", tone: "unknown" },
  as_expected: { vi: "đúng như mong đợi", en: "as expected", icon: "up", tone: "up" },
};

export const OUTCOMES = {
  success: { vi: "đạt", tone: "up" },
  failure: { vi: "không đạt", tone: "down" },
  invalid: { vi: "không đo được", tone: "unknown" },
  none: { vi: "chưa đo", tone: "unknown" },
};

export const FIGURES = {
  loss: { vi: "mất gói", write: loss },
  rtt: { vi: "độ trễ", write: seconds },
  jitter: { vi: "biến động trễ", write: seconds },
};

// Why a flow is unknown.
export const DOUBTS = {
  not_measured: { vi: "lâu chưa đo được", en: "not measured for too long" },
  control_silent: { vi: "điểm đối chứng không trả lời", en: "its control does not answer" },
  off_schedule: { vi: "ngoài lịch", en: "off its schedule" },
};

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

export const why = (reason) => REASONS[reason] ?? reason;

export function causeOf({ cause }) {
  if (!cause) return "";
  if (cause.line) return `đứt đường truyền ${cause.line}`;
  if (cause.probe) return `${cause.probe} ${why(cause.reason)}`;
  const { vi, write } = FIGURES[cause.figure];
  return `${vi} ${write(cause.value)}`;
}

// What is at fault, with what to tell the carrier; not the line where the power went first.
export function faultOf({ kind, id, site, carrier, contract, evidence }) {
  if (evidence?.power) return `mất điện tại ${site} / power cut at ${site}`;
  if (kind !== "link") return `thiết bị ${id}`;
  return [`đường truyền ${id}`, carrier, contract && `hợp đồng ${contract}`].filter(Boolean).join(" · ");
}

const OPERATION = {
  up: "hoạt động",
  down: "ngừng",
  testing: "thử nghiệm",
  dormant: "chờ",
  notPresent: "không có",
  lowerLayerDown: "tầng dưới ngừng",
};

// What was found out when it went down: where the path ends, and the interface at this end.
export function evidenceOf({ evidence }) {
  const vi = [];
  const en = [];
  const { trace, near_end: near, power } = evidence ?? {};
  if (power) {
    vi.push(`mất điện: ${power.target} chạy bằng ắc quy khi được đọc lần cuối, ${fullTime(power.read)}`);
    en.push(`power cut: ${power.target} ran on battery when it was read last`);
  }
  if (trace?.last_hop) {
    const [viHop, enHop] = trace.distance ? [`, chặng ${trace.distance}`, `, hop ${trace.distance}`] : ["", ""];
    vi.push(`đường đi tới được ${trace.last_hop}${viHop}`);
    en.push(`the path ends at ${trace.last_hop}${enHop}`);
  } else if (trace) {
    vi.push("không chặng nào trên đường đi trả lời");
    en.push("no hop of the path answers");
  }
  if (near) {
    const port = [near.target, near.interface].filter(Boolean).join(" ");
    vi.push(`cổng ${port}: ${OPERATION[near.oper_status] ?? "chưa rõ"}`);
    en.push(`interface ${port}: ${near.oper_status}`);
  }
  return vi.length ? { vi: vi.join("; "), en: en.join("; ") } : null;
}

const rootOf = (root) => root.replace(/^link:/, "đường truyền ").replace(/^target:/, "thiết bị ");

// What is wrong at a site: the causes of its targets, each said once; or what it stands behind.
export function causesOf({ state, root, targets, maintenance }) {
  if (state === "up") return "";
  if (state === "maintenance" && maintenance) {
    return `${maintenance.reason}, đến ${fullTime(maintenance.ends)}`;
  }
  if (state === "unreachable" && root) return `do ${rootOf(root)}`;
  const byCause = new Map();
  for (const target of targets) {
    const cause = causeOf(target);
    if (!cause) continue;
    if (!byCause.has(cause)) byCause.set(cause, []);
    byCause.get(cause).push(target.id);
  }
  return [...byCause].map(([cause, ids]) => `${ids.join(", ")}: ${cause}`).join("; ");
}

// A word that this page doesn't know must not break it, nor pass for good news.
export const known = (words, key) => (Object.hasOwn(words, key) ? key : "unknown");

const decimal = (digits) =>
  new Intl.NumberFormat("vi-VN", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const ONE = decimal(1);
const WHOLE = decimal(0);

export function seconds(value) {
  if (value === null) return "–";
  if (value >= 1) return `${decimal(2).format(value)} s`;
  const ms = value * 1000;
  return `${(ms < 100 ? ONE : WHOLE).format(ms)} ms`;
}

// Cut, not rounded: 99,96 % must not read as 100 %.
export function share(ratio) {
  if (ratio === null) return "–";
  const tenths = Math.floor(ratio * 1000 + 1e-6) / 10;
  return `${(Number.isInteger(tenths) ? WHOLE : ONE).format(tenths)} %`;
}

// Rounded up: the smallest loss is not 0 %.
export function loss(ratio) {
  if (ratio === null) return "–";
  const tenths = Math.max(0, Math.ceil(ratio * 1000 - 1e-6)) / 10;
  return `${(Number.isInteger(tenths) ? WHOLE : ONE).format(tenths)} %`;
}

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Ho_Chi_Minh",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

function local(unix) {
  const part = Object.fromEntries(
    parts.formatToParts(unix * 1000).map(({ type, value }) => [type, value]),
  );
  return {
    time: `${part.hour}:${part.minute}:${part.second}`,
    date: `${part.day}/${part.month}/${part.year}`,
  };
}

export function fullTime(unix) {
  if (unix === null) return "–";
  const { time, date } = local(unix);
  return `${time} ${date}`;
}

// The time of day when it is of the same day, else the date.
export function shortTime(unix, now) {
  if (unix === null) return "–";
  const { time, date } = local(unix);
  return date === local(now).date ? time : date;
}

export function span(total) {
  const s = Math.max(0, Math.floor(total));
  if (s < 60) return `${s} giây`;
  const m = Math.floor(s / 60);
  if (m < 60) return `${m} phút`;
  const h = Math.floor(m / 60);
  if (h < 24) return m % 60 ? `${h} giờ ${m % 60} phút` : `${h} giờ`;
  const d = Math.floor(h / 24);
  return h % 24 ? `${d} ngày ${h % 24} giờ` : `${d} ngày`;
}

// For searching: small letters without marks, so that "hai duong" finds "Hải Dương".
export const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
