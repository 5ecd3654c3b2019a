// Draws a part only when what it shows has changed, so that focus and folding stay as they are.

const seen = new Map();

export function whenChanged(name, content, draw) {
  const text = JSON.stringify(content);
  if (seen.get(name) === text) return;
  seen.set(name, text);
  draw();
}
