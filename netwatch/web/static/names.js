// Names for little room: what they have in common goes first, then the middle, never where they differ.

const wordsOf = (name) => name.split(" ");

// Names of one group without the words that all of them begin with: "Huyện", "Sở".
export function withoutCommon(names) {
  if (names.length < 2) return names;
  const split = names.map(wordsOf);
  let common = 0;
  while (split.every((words) => words.length > common + 1 && words[common] === split[0][common])) common += 1;
  return split.map((words) => words.slice(common).join(" "));
}

// Each name in at most `max` letters, and no two alike that were not; what can't be is left whole.
export function shortened(names, max) {
  const isFree = (short, name, taken) => !taken.has(short) || taken.get(short) === name;
  const taken = new Map();
  return names.map((name) => {
    const short = [...candidates(name, names, max), name].find((each) => isFree(each, name, taken));
    taken.set(short, name);
    return short;
  });
}

// The common part shortened, the middle of the whole, that of the part that differs, its begin.
function* candidates(name, names, max) {
  const letters = [...name];
  if (letters.length <= max) yield name;
  const tail = letters.slice(differsAt(name, names));
  const room = max - 1 - tail.length;
  if (room >= 2) yield joined(letters.slice(0, room), tail);
  for (const part of [letters, tail]) {
    const end = Math.floor((max - 1) / 2);
    if (part.length > max) yield joined(part.slice(0, max - 1 - end), part.slice(-end));
  }
  yield joined([], tail.slice(0, max - 1));
}

const joined = (head, tail) => `${head.join("").trimEnd()}…${tail.join("").trimStart()}`;

// Where a name begins to differ from the one that it is most like, at the begin of that word.
function differsAt(name, names) {
  const common = Math.max(0, ...names.filter((other) => other !== name).map((other) => commonLetters(name, other)));
  return [...name].slice(0, common).lastIndexOf(" ") + 1 || [...name].lastIndexOf(" ") + 1;
}

function commonLetters(one, other) {
  const [a, b] = [[...one], [...other]];
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
