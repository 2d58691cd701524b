// What a search sought, marked in the text that stands in a grid, without touching that text.
import { useEffect, type RefObject } from "react";

const name = "spoor-search";

/** Marks all places of a text below an element, and keeps them while rows come and go. */
export function useMarked(box: RefObject<HTMLElement | null>, sought: string): void {
  useEffect(() => {
    const element = box.current;
    const text = sought.trim().toLowerCase();
    // Absent in older browsers: rows that match are tinted all the same.
    if (!element || text === "" || typeof CSS === "undefined") return;
    if (!("highlights" in CSS)) return;
    const mark = () => {
      const ranges: Range[] = [];
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.parentElement?.closest("bdi")) continue;
        const content = (node.textContent ?? "").toLowerCase();
        for (
          let at = content.indexOf(text);
          at >= 0;
          at = content.indexOf(text, at + text.length)
        ) {
          if (at + text.length > (node.textContent ?? "").length) break;
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + text.length);
          ranges.push(range);
        }
      }
      CSS.highlights.set(name, new Highlight(...ranges));
    };
    mark();
    const observer = new MutationObserver(mark);
    observer.observe(element, { childList: true, subtree: true, characterData: true });
    return () => {
      observer.disconnect();
      CSS.highlights.delete(name);
    };
  }, [box, sought]);
}
