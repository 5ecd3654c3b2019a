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

// What may be at fault, by its kind.
export const SUBJECTS = { link: "đường truyền", target: "thiết bị", path: "đường đến" };

export const FLOWS = {
  violated: { vi: "bị vi phạm", en: "violated", icon: "degraded", tone: "down" },
  broken: { vi: "bị đứt", en: "broken", icon: "down", tone: "down" },
  unknown: { vi: "chưa rõ", en: "unknown", icon: "unknown", tone: "unknown" },
  as_expected: { vi: "đúng như mong đợi", en: "as expected", icon: "up", tone: "up" },
};

export const OUTCOMES = {
  success: { vi: "đạt", en: "passed", tone: "up" },
  failure: { vi: "không đạt", en: "failed", tone: "down" },
  invalid: { vi: "không đo được", en: "not measured", tone: "unknown" },
  none: { vi: "chưa đo", en: "not measured yet", tone: "unknown" },
};

// Why a flow is unknown.
export const DOUBTS = {
  not_measured: { vi: "lâu chưa đo được", en: "not measured for too long" },
  control_silent: { vi: "điểm đối chứng không trả lời", en: "its control does not answer" },
  off_schedule: { vi: "ngoài lịch", en: "off its schedule" },
};

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

const clockIn = (timeZone) =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });

let clock = clockIn("Asia/Ho_Chi_Minh");

// All times are the province's, wherever the page is read. An old browser may not know the zone.
export function useZone(name) {
  if (name === clock.resolvedOptions().timeZone) return;
  try {
    clock = clockIn(name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.warn(error.message);
  }
}

function local(unix) {
  const part = Object.fromEntries(
    clock.formatToParts(unix * 1000).map(({ type, value }) => [type, value]),
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

export const dayOf = (unix) => local(unix).date;

// For searching: small letters without marks, so that "hai duong" finds "Hải Dương".
export const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");

const BITS = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });

export function bitrate(bits) {
  if (bits === null || bits === undefined) return "–";
  const [scale, unit] = bits >= 1e9 ? [1e9, "Gbit/s"] : bits >= 1e6 ? [1e6, "Mbit/s"] : [1e3, "kbit/s"];
  return `${BITS.format(bits / scale)} ${unit}`;
}
