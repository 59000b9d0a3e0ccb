/** Where an export goes. */
import type { FileSink } from './run-export.js';

/** Not in every browser yet, and only with https or on this machine. */
interface SavePicker {
  showSaveFilePicker?(options: { suggestedName: string }): Promise<{ createWritable(): Promise<WritableFile> }>;
}

interface WritableFile {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
}

/** To be called by a click: browsers ask where to only then. Throws an AbortError if the user does not say. */
export async function openFile(name: string): Promise<FileSink> {
  const { showSaveFilePicker } = window as SavePicker;
  if (showSaveFilePicker === undefined) return gatherFile(name);
  const handle = await showSaveFilePicker.call(window, { suggestedName: name });
  const file = await handle.createWritable();
  // Until it is closed the browser keeps what was there before.
  return { write: (bytes) => file.write(bytes), finish: () => file.close() };
}

function gatherFile(name: string): FileSink {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  return {
    write(bytes) {
      parts.push(bytes);
      return Promise.resolve();
    },
    finish() {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(parts));
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
      return Promise.resolve();
    },
  };
}

/** `web-20261122T1000.csv.gz`; the time is that of the range's end, in UTC. */
export function fileName(logstore: string, toMs: number, format: string, isGzipped: boolean): string {
  const time = new Date(toMs).toISOString().replace(/[-:]/g, '').slice(0, 13);
  return `${logstore}-${time}.${format}${isGzipped ? '.gz' : ''}`;
}
