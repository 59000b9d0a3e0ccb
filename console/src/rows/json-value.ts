/** Values that are JSON themselves, as web pages send objects: shown as such. */

/** Longer ones are shown as they came. */
const LENGTH_MAX = 200_000;

/** Indented; null for a value that is no object or array. Numbers keep all their digits: the text is laid out, not read. */
export function layOutJson(value: string): string | null {
  const text = value.trim();
  if (!/^[[{]/.test(text) || text.length > LENGTH_MAX || !isJson(text)) return null;
  return indent(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

function indent(text: string): string {
  let [out, depth, before] = ['', 0, ''];
  const newLine = () => `\n${'  '.repeat(depth)}`;
  for (const [token] of text.matchAll(TOKEN)) {
    const isClosing = token === '}' || token === ']';
    const isAfterOpening = before === '{' || before === '[';
    if (isClosing) {
      depth -= 1;
      if (!isAfterOpening) out += newLine();
    } else if (isAfterOpening || before === ',') out += newLine();
    out += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
    before = token;
  }
  return out;
}
