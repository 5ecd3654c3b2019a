// One question to netwatch, and its answer.

const PATIENCE = 5000;

export class Refused extends Error {
  constructor(status, words) {
    super(words?.vi ?? `HTTP ${status}`);
    this.status = status;
    this.words = words ?? { vi: `netwatch trả lời HTTP ${status}`, en: `HTTP ${status}` };
  }
}

async function judged(response) {
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  throw new Refused(response.status, body?.error);
}

// Both times are the server's, so a wrong clock here does no harm.
export async function askDated(path) {
  const response = await judged(await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }));
  const sent = Date.parse(response.headers.get("Date") ?? "") / 1000;
  return { answer: await response.json(), sent };
}

export const ask = async (path) => (await askDated(path)).answer;

export async function tell(path, content, token) {
  const response = await judged(await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Netwatch-Token": token },
    body: JSON.stringify(content),
    signal: AbortSignal.timeout(PATIENCE),
  }));
  return response.json();
}
