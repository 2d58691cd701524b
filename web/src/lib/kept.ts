// A small choice that is remembered in this browser: a width, what is folded. Never part of a link.
import { useCallback, useState } from "react";
import type { z } from "zod";

export function useKept<T>(
  key: string,
  schema: z.ZodType<T>,
  fallback: T,
): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      const read = schema.safeParse(JSON.parse(localStorage.getItem(`spoor.${key}`) ?? "null"));
      return read.success ? read.data : fallback;
    } catch {
      return fallback;
    }
  });
  const keep = useCallback(
    (next: T) => {
      setValue(next);
      try {
        localStorage.setItem(`spoor.${key}`, JSON.stringify(next));
      } catch {
        // Without storage it holds until the page is left.
      }
    },
    [key],
  );
  return [value, keep];
}
