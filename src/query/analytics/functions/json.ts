/** Functions of JSON. Paths are a part of JSONPath: `$.a.b`, `$["a b"]`, `$.items[0]`. What is not there is NULL. */
import type { FunctionRow, WrittenCall } from './row.js';

/** The value and, behind it, the steps of the path: names as placeholders, places counted from 1 as the engine does. */
function place(call: WrittenCall): string {
  const { args, refuse, translation } = call;
  const path = String(args[1]?.constant);
  const steps = readPath(path);
  if (steps === null) throw refuse(1, `Invalid JSON path: '${path}'`);
  const written = steps.map((step) => (typeof step === 'number' ? String(step + 1) : translation.bind(step)));
  return [args[0]?.sql ?? 'NULL', ...written].join(', ');
}

const STEP = /\.([^.[\]]+)|\[(\d{1,9})\]|\["([^"]*)"\]|\['([^']*)'\]/y;

/** Names and places, counted from 0; null if it is none. */
export function readPath(path: string): (string | number)[] | null {
  const steps: (string | number)[] = [];
  if (!path.startsWith('$')) return readPath(`$.${path}`);
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const [, name, index, ...quoted] = STEP.exec(path) ?? [];
    const step = name ?? quoted.find((text) => text !== undefined);
    if (step !== undefined) steps.push(step);
    else if (index !== undefined) steps.push(Number(index));
    else return null;
  }
  return steps;
}

function item(json: string, index: string): string {
  return `nullIf(JSONExtractRaw(${json}, toInt64(if(${index} < 0, ${index}, ${index} + 1))), '')`;
}

const isArray = (json: string) => `JSONType(${json}) = 'Array'`;

export const JSONS: readonly FunctionRow[] = [
  {
    form: 'json_extract(json, constant varchar): json',
    doc: 'What stands at a path, as JSON',
    example: [`json_extract('{"a":{"b":[1,2]}}', '$.a.b')`, '[1,2]'],
    kind: 'written',
    sql: (call) => `nullIf(JSONExtractRaw(${place(call)}), '')`,
  },
  {
    form: 'json_extract_scalar(json, constant varchar): varchar',
    doc: 'The text, number or boolean at a path, as text',
    example: [`json_extract_scalar('{"a":[{"b":"x"}]}', '$.a[0].b')`, 'x'],
    kind: 'written',
    sql: (call) => {
      const at = place(call);
      const type = `JSONType(${at})`;
      return `multiIf(${type} = 'String', JSONExtractString(${at}), ${type} IN ('Null', 'Array', 'Object'), NULL, JSONExtractRaw(${at}))`;
    },
  },
  {
    form: 'json_size(json, constant varchar): bigint',
    doc: 'How many items the object or array at a path has',
    example: [`json_size('{"a":[1,2]}', '$.a')`, '2'],
    kind: 'written',
    sql: (call) => `toInt64(JSONLength(${place(call)}))`,
  },
  {
    form: 'json_parse(varchar): json',
    doc: 'Text as JSON; NULL if it is none',
    example: [`json_parse('{"a": 1}')`, '{"a": 1}'],
    kind: 'scalar',
    sql: (text) => `if(isValidJSON(${text}), ${text}, NULL)`,
  },
  {
    form: 'json_format(json): varchar',
    doc: 'JSON as text',
    example: ["json_format(json_parse('[1]'))", '[1]'],
    kind: 'scalar',
    sql: (json) => json,
  },
  {
    form: 'json_array_length(json): bigint',
    doc: 'How many items an array has',
    example: ["json_array_length('[1,2,3]')", '3'],
    kind: 'scalar',
    sql: (json) => `if(${isArray(json)}, toInt64(JSONLength(${json})), NULL)`,
  },
  {
    form: 'json_array_get(json, bigint): json',
    doc: 'One of them, counted from 0, or from -1 at the end',
    example: [`json_array_get('["a","b"]', -1)`, '"b"'],
    kind: 'scalar',
    sql: (json, index) => `if(${isArray(json)}, ${item(json, index)}, NULL)`,
  },
  {
    form: 'json_array_contains(json, bigint): boolean',
    doc: 'Whether a number is among them',
    example: ["json_array_contains('[1,2]', 2)", 'true'],
    kind: 'scalar',
    sql: (json, value) => `has(JSONExtractArrayRaw(${json}), toString(${value}))`,
  },
  {
    form: 'json_array_contains(json, varchar): boolean',
    doc: 'Whether a text is among them',
    example: [`json_array_contains('["a"]', 'b')`, 'false'],
    kind: 'scalar',
    sql: (json, value) => `has(JSONExtractArrayRaw(${json}), toJSONString(${value}))`,
  },
];
