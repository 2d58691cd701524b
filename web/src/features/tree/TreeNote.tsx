// What is missing of the tree, said above it.
import type { ReactNode } from "react";
import { Value } from "@/components/Value";
import { countText } from "@/lib/amounts";
import css from "./tree.module.css";
import { mostOfDevice } from "./useTree";
import type { TreeView } from "./useTreeView";

const counted = (count: number) => countText(count);

export function TreeNote({ view }: { view: TreeView }) {
  const tree = view.first.data;
  const notes: ReactNode[] = [];
  if (view.unread.length > 0) {
    notes.push(`Part of this link could not be read: ${view.unread.join(", ")}.`);
  }
  if (tree?.truncated) {
    const branches = tree.folds.filter((fold) => !fold.is_sibling);
    const [largest] = branches.sort((a, b) => b.count - a.count);
    const shown = counted(tree.items.length);
    notes.push(
      view.state.proc === null
        ? `${counted(Math.min(tree.items.length, mostOfDevice))} processes are shown, the oldest; there are more. Begin at one process to see all of its family.`
        : tree.known_descendants === null
          ? `${shown} processes are shown; there are more.`
          : `${shown} of ${counted(tree.known_descendants)} shown.`,
    );
    if (largest) {
      notes.push(
        <span key="largest">
          {"The largest branch ("}
          <Value text={largest.FileName} />
          {`, ${counted(largest.count)}) is folded.`}
        </span>,
      );
    }
  }
  if (view.isCut) {
    notes.push("Not all acts are drawn as dots: some of these processes did very much.");
  }
  if (notes.length === 0) return null;
  return (
    <div className={css.note} role="status">
      {notes.map((note, index) => (
        <span key={String(index)}>{note} </span>
      ))}
    </div>
  );
}
