// Why something isn't up: the cause of a target, what is at fault, what was found out.

import { why } from "./reasons.js";
import { fullTime, loss, seconds } from "./words.js";

const FIGURES = {
  loss: { vi: "mất gói", write: loss },
  rtt: { vi: "độ trễ", write: seconds },
  jitter: { vi: "biến động trễ", write: seconds },
};

export function causeOf({ cause }) {
  if (!cause) return "";
  if (cause.place) return "đường đi không ổn định";
  if (cause.line) return `đứt đường truyền ${cause.line}`;
  if (cause.probe) return `${cause.probe} ${why(cause.reason)}`;
  const { vi, write } = FIGURES[cause.figure];
  return `${vi} ${write(cause.value)}`;
}

// What is at fault, with what to tell the carrier; not the line where the power went first.
export function faultOf({ kind, id, site, carrier, contract, evidence }) {
  if (evidence?.power) return `mất điện tại ${site} / power cut at ${site}`;
  if (kind === "path") return `đường đến ${id} không ổn định: một đường song song mất gói / path unstable`;
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

const rootOf = (root) => root.replace(/^link:/, "đường truyền ").replace(/^target:/, "thiết bị ")
  .replace(/^path:(.*)/, "đường đến $1 không ổn định");

// What is wrong at a site: the causes of its targets, each said once; or what it stands behind.
export function causesOf({ state, root, power, targets, maintenance }) {
  if (state === "up") return "";
  if (state === "maintenance" && maintenance) {
    return `${maintenance.reason}, đến ${fullTime(maintenance.ends)}`;
  }
  if (state === "unreachable" && power) return "do mất điện ở điểm phía trước / power cut before it";
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
