// Virtual rows of one height, which stay where they are when others are put before them.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import type { Item } from "./types";

/** Rows kept beyond what is seen */
const overscan = 12;

export interface RowsOptions<R> {
  scroller: RefObject<HTMLDivElement | null>;
  items: readonly Item<R>[];
  rowHeight: number;
  /** Pixels at the top that something sticky covers */
  covered: number;
  onNearStart?: (() => void) | undefined;
  onNearEnd?: (() => void) | undefined;
  onVisible?: ((first: Item<R>, last: Item<R>) => void) | undefined;
}

export function useRows<R>(options: RowsOptions<R>) {
  const { scroller, items, rowHeight, covered, onNearStart, onNearEnd, onVisible } = options;
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan,
    scrollPaddingStart: covered,
  });

  useLayoutEffect(() => {
    virtual.measure();
  }, [virtual, rowHeight]);

  // The line at the top keeps its place when lines come or go before it.
  const anchor = useRef<{ id: string; offset: number } | null>(null);
  const before = useRef(items);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && before.current !== items && anchor.current) {
      const at = items.findIndex((item) => item.id === anchor.current?.id);
      if (at >= 0) {
        const top = at * rowHeight + anchor.current.offset;
        if (Math.abs(top - element.scrollTop) > 0.5) element.scrollTop = top;
      }
    }
    before.current = items;
  }, [items, rowHeight, scroller]);

  const range = virtual.range;
  const start = range?.startIndex ?? 0;
  const end = range?.endIndex ?? -1;
  useEffect(() => {
    const first = items[start];
    const last = items[Math.min(end, items.length - 1)];
    const element = scroller.current;
    if (first && element) {
      anchor.current = { id: first.id, offset: element.scrollTop - start * rowHeight };
    }
    if (!first || !last) return;
    onVisible?.(first, last);
    const screen = Math.max(1, end - start);
    if (start < screen) onNearStart?.();
    if (items.length - 1 - end < screen) onNearEnd?.();
  }, [start, end, items, rowHeight, scroller, onVisible, onNearStart, onNearEnd]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const listen = () => {
      const at = Math.floor(element.scrollTop / rowHeight);
      const item = items[at];
      if (item) anchor.current = { id: item.id, offset: element.scrollTop - at * rowHeight };
    };
    element.addEventListener("scroll", listen, { passive: true });
    return () => {
      element.removeEventListener("scroll", listen);
    };
  }, [items, rowHeight, scroller]);

  return { virtual, start, screen: Math.max(1, end - start) };
}
