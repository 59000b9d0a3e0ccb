/**
 * One Parquet file out of many.
 *
 *   PAR1  pages of row group 1  pages of row group 2 …  footer  length of the footer (4 bytes)  PAR1
 *
 * The engine can only make a whole file at a time, and keeps it in memory; so it makes a small one for every piece. Their
 * pages are put one behind the other as they are, and what their footers say of them goes into one footer at the end, with
 * the offsets moved. Pages say nothing of where they are or what their column is called.
 *
 * Format: https://github.com/apache/parquet-format, parquet.thrift; the numbers below are its fields'.
 */
import { type List, readList, readStruct, type Struct, type Value, writeValue } from './thrift.js';

const MAGIC = Buffer.from('PAR1');
const TAIL_BYTES = 8;

const FILE = { schema: 2, rowCount: 3, rowGroups: 4 };
const SCHEMA_ELEMENT = { name: 4 };
const ROW_GROUP = { columns: 1, rowCount: 3, fileOffset: 5 };
const COLUMN_CHUNK = { fileOffset: 2, metadata: 3 };
const COLUMN = { path: 3, dataPageOffset: 9, indexPageOffset: 10, dictionaryPageOffset: 11, bloomFilterOffset: 14 };

export interface ParquetPages {
  readonly pages: Buffer;
  readonly rowCount: number;
  /** What the footer of the whole file has to say of them: a list in Thrift's compact protocol. */
  readonly rowGroups: Buffer;
}

/** The pages of a file that the engine made, for their place at `offset` in the whole. Its magic bytes are left out. */
export function takePages(file: Buffer, offset: number): ParquetPages {
  const { pages, footer } = split(file);
  const moved = rowGroupsOf(footer);
  const by = BigInt(offset - MAGIC.length);
  const rowGroups = { ...moved, items: moved.items.map((group) => moveRowGroup(asStruct(group), by)) };
  return { pages, rowCount: countRows(moved.items), rowGroups: writeValue(rowGroups) };
}

export const FILE_BEGINNING = MAGIC;

/**
 * What comes behind the pages. `empty` is a file of the engine with the same columns and no rows; `rowGroups` are those of all
 * pages, in order. `names` are for the columns, whatever the engine called them.
 */
export function closeFile(empty: Buffer, rowGroups: readonly Buffer[], names: readonly string[]): Buffer {
  const { footer } = split(empty);
  const rename = createRename(asList(footer.fields.get(FILE.schema)), names);
  const items = rowGroups.flatMap((bytes) => readList(bytes).items).map((group) => rename.rowGroup(asStruct(group)));
  const whole = change(footer, {
    [FILE.schema]: rename.schema,
    [FILE.rowCount]: { kind: 'integer', type: 6, value: BigInt(countRows(items)) },
    // A list without items may not tell of what.
    [FILE.rowGroups]: { kind: 'list', type: 12, items },
  });
  const bytes = writeValue(whole);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([bytes, length, MAGIC]);
}

function split(file: Buffer): { pages: Buffer; footer: Struct } {
  const isWhole = file.length >= MAGIC.length + TAIL_BYTES && file.subarray(-MAGIC.length).equals(MAGIC);
  if (!isWhole) throw new Error('the engine made no whole Parquet file');
  const footerEnd = file.length - TAIL_BYTES;
  const footerAt = footerEnd - file.readUInt32LE(footerEnd);
  return { pages: file.subarray(MAGIC.length, footerAt), footer: readStruct(file.subarray(footerAt, footerEnd)) };
}

function moveRowGroup(group: Struct, by: bigint): Struct {
  const columns = asList(group.fields.get(ROW_GROUP.columns));
  const items = columns.items.map((chunk) => {
    const moved = move(asStruct(chunk), [COLUMN_CHUNK.fileOffset], by);
    const { path: _, ...offsets } = COLUMN;
    const metadata = move(asStruct(moved.fields.get(COLUMN_CHUNK.metadata)), Object.values(offsets), by);
    return change(moved, { [COLUMN_CHUNK.metadata]: metadata });
  });
  return change(move(group, [ROW_GROUP.fileOffset], by), { [ROW_GROUP.columns]: { ...columns, items } });
}

/** 0 is no offset: the field is out of use and says so. */
function move(struct: Struct, numbers: readonly number[], by: bigint): Struct {
  const changes: Record<number, Value> = {};
  for (const number of numbers) {
    const field = struct.fields.get(number);
    if (field?.kind === 'integer' && field.value > 0n) changes[number] = { ...field, value: field.value + by };
  }
  return change(struct, changes);
}

/** The engine calls the columns as the schema has them, at its first level; in paths that is the first part. */
function createRename(schema: List, names: readonly string[]) {
  const byOldName = new Map<string, string>();
  let next = 1;
  for (const name of names) {
    byOldName.set(textOf(asStruct(schema.items[next]).fields.get(SCHEMA_ELEMENT.name)), name);
    next = behindSubtree(schema, next);
  }
  const renamed = (value: Value | undefined): Value => {
    const name = byOldName.get(textOf(value));
    if (name === undefined) throw new Error('the engine made a column that was not asked for');
    return { kind: 'binary', bytes: Buffer.from(name) };
  };

  const items: Value[] = [...schema.items];
  for (let at = 1; at < items.length; at = behindSubtree(schema, at)) {
    const element = asStruct(items[at]);
    items[at] = change(element, { [SCHEMA_ELEMENT.name]: renamed(element.fields.get(SCHEMA_ELEMENT.name)) });
  }
  return {
    schema: { ...schema, items },
    rowGroup(group: Struct): Struct {
      const columns = asList(group.fields.get(ROW_GROUP.columns));
      const chunks = columns.items.map((value) => {
        const chunk = asStruct(value);
        const metadata = asStruct(chunk.fields.get(COLUMN_CHUNK.metadata));
        const path = asList(metadata.fields.get(COLUMN.path));
        const [first, ...rest] = path.items;
        const renamedPath = { ...path, items: [renamed(first), ...rest] };
        return change(chunk, { [COLUMN_CHUNK.metadata]: change(metadata, { [COLUMN.path]: renamedPath }) });
      });
      return change(group, { [ROW_GROUP.columns]: { ...columns, items: chunks } });
    },
  };
}

const CHILD_COUNT = 5;

/** A schema is a tree written out, each element before its children. */
function behindSubtree(schema: List, at: number): number {
  const children = asStruct(schema.items[at]).fields.get(CHILD_COUNT);
  let next = at + 1;
  for (let i = 0; children?.kind === 'integer' && i < children.value; i += 1) next = behindSubtree(schema, next);
  return next;
}

function countRows(rowGroups: readonly Value[]): number {
  return rowGroups.reduce((sum, group) => {
    const count = asStruct(group).fields.get(ROW_GROUP.rowCount);
    return sum + (count?.kind === 'integer' ? Number(count.value) : 0);
  }, 0);
}

function rowGroupsOf(footer: Struct): List {
  return asList(footer.fields.get(FILE.rowGroups));
}

function change(struct: Struct, changes: Readonly<Record<number, Value>>): Struct {
  const fields = new Map(struct.fields);
  for (const [number, value] of Object.entries(changes)) fields.set(Number(number), value);
  return { ...struct, fields };
}

function asStruct(value: Value | undefined): Struct {
  if (value?.kind !== 'struct') throw new Error('a Parquet footer lacks a struct');
  return value;
}

function asList(value: Value | undefined): List {
  if (value?.kind !== 'list') throw new Error('a Parquet footer lacks a list');
  return value;
}

function textOf(value: Value | undefined): string {
  if (value?.kind !== 'binary') throw new Error('a Parquet footer lacks a text');
  return value.bytes.toString();
}
