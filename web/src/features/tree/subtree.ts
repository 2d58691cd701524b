// A part of the tree as text, for a report.
import { copyText } from "@/lib/hostile";
import { familyOf, type Forest } from "./outline";

/** The process and what is known below it, a line each, two blanks a level; times in UTC. */
export function subtreeText(forest: Forest, key: string): string {
  const levels = new Map<string, number>();
  return familyOf(forest, key)
    .flatMap((each) => {
      const node = forest.nodes.get(each);
      if (!node) return [];
      const level = each === key ? 0 : (levels.get(node.ParentKey) ?? -1) + 1;
      levels.set(each, level);
      const parts = [
        node.FileName === "" ? "not recorded" : oneLine(node.FileName),
        node.ProcessId === null ? "" : String(node.ProcessId),
        node.ProcessCreationTime ?? "",
        oneLine(node.ProcessCommandLine),
        node.is_inferred ? "(its own start is not recorded)" : "",
      ];
      const folds = (forest.folds.get(each) ?? []).filter((fold) => fold.members === null);
      return [
        "  ".repeat(level) + parts.filter((part) => part !== "").join("  "),
        ...folds.map(
          (fold) =>
            `${"  ".repeat(level + 1)}… ${String(fold.count)} more of ${oneLine(fold.fileName)}`,
        ),
        ...(forest.unread.has(each) ? [`${"  ".repeat(level + 1)}… more below, not loaded`] : []),
      ];
    })
    .join("\n");
}

const oneLine = (text: string) => copyText(text).replace(/[\r\n]+/g, " ");
