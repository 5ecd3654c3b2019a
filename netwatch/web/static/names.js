// Names for little room: what they have in common goes first, then the middle, never where they differ.

const wordsOf = (name) => name.split(" ");

const SHARED = 3; // names that have to begin alike

// Names of one group without the words with which several of them begin: "Sở", "UBND huyện".
export function withoutCommon(names) {
  const counts = new Map();
  for (const name of names) {
    for (const begin of beginsOf(name)) counts.set(begin, (counts.get(begin) ?? 0) + 1);
  }
  const short = names.map((name) => {
    const common = beginsOf(name).filter((begin) => counts.get(begin) >= SHARED).at(-1) ?? "";
    return name.slice(common.length).trimStart();
  });
  return short.map((name, at) => (short.indexOf(name) === short.lastIndexOf(name) ? name : names[at]));
}

// Its first word, its first two and so on, but not all of it.
function beginsOf(name) {
  const words = wordsOf(name);
  return words.slice(1).map((_, at) => words.slice(0, at + 1).join(" "));
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

// The common part shortened, what stands before the last words, the middle, the part that differs.
function* candidates(name, names, max) {
  const letters = [...name];
  if (letters.length <= max) yield name;
  const tail = letters.slice(differsAt(name, names));
  const room = max - 1 - tail.length;
  if (room >= 2) yield joined(letters.slice(0, room), tail);
  const end = lastWords(name, max - 3);
  if (end) yield joined(letters.slice(0, max - 1 - [...end].length), [...end]);
  for (const part of [letters, tail]) {
    const half = Math.floor((max - 1) / 2);
    if (part.length > max) yield joined(part.slice(0, max - 1 - half), part.slice(-half));
  }
  yield joined([], tail.slice(0, max - 1));
}

// As many whole words from the end as have room.
function lastWords(name, max) {
  const words = wordsOf(name);
  const from = words.findIndex((_, at) => at > 0 && [...words.slice(at).join(" ")].length <= max);
  return from < 0 ? "" : words.slice(from).join(" ");
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
