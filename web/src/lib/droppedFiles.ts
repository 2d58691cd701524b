// Files of a drop or of a file field, with the paths that they have inside of a dropped folder.

export interface DroppedFile {
  file: File;
  /** `Logs/Security.evtx`; the bare name for a file on its own */
  path: string;
}

/** Files that one drop may bring; more are left out, and counted. */
export const mostFiles = 20_000;

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** A reader hands out a folder in pieces; an empty piece ends it. */
async function childrenOf(entry: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = entry.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (piece.length === 0) return all;
    all.push(...piece);
  }
}

/** What a drop brought; `unread` counts what the browser did not hand out. */
export interface Dropped {
  files: DroppedFile[];
  unread: number;
}

/** Reads a drop. Takes hold of its entries at once, since they are gone when the event ends. */
export async function filesOfDrop(transfer: DataTransfer): Promise<Dropped> {
  const roots: (FileSystemEntry | File)[] = [];
  for (const item of Array.from(transfer.items)) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry();
    const file = entry ? null : item.getAsFile();
    if (entry) roots.push(entry);
    else if (file) roots.push(file);
  }
  const dropped: Dropped = { files: [], unread: 0 };
  const waiting = roots.reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (dropped.files.length >= mostFiles) {
      dropped.unread += 1;
      continue;
    }
    try {
      if (next instanceof File) dropped.files.push({ file: next, path: next.name });
      else if (next.isFile) {
        const file = await fileOf(next as FileSystemFileEntry);
        dropped.files.push({ file, path: next.fullPath.replace(/^\//, "") });
      } else {
        const children = await childrenOf(next as FileSystemDirectoryEntry);
        waiting.push(...children.sort((a, b) => (a.name < b.name ? 1 : -1)));
      }
    } catch {
      dropped.unread += 1;
    }
  }
  return dropped;
}

/** What a file field holds; one for folders tells the paths. */
export function filesOfField(list: FileList | null): Dropped {
  const all = Array.from(list ?? []);
  return {
    files: all.slice(0, mostFiles).map((file) => ({
      file,
      path: file.webkitRelativePath || file.name,
    })),
    unread: Math.max(0, all.length - mostFiles),
  };
}
