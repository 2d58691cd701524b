// Where one is: pages say it, the top bar shows it, the document's title repeats it.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

export interface Crumb {
  label: string;
  /** Absent for the page itself */
  to?: string;
}

const Value = createContext<readonly Crumb[]>([]);
const Set = createContext<(crumbs: readonly Crumb[]) => void>(() => undefined);

export function BreadcrumbProvider({ children }: { children: ReactNode }) {
  const [crumbs, setCrumbs] = useState<readonly Crumb[]>([]);
  return (
    <Set.Provider value={setCrumbs}>
      <Value.Provider value={crumbs}>{children}</Value.Provider>
    </Set.Provider>
  );
}

export function useCrumbs(): readonly Crumb[] {
  return useContext(Value);
}

/** Says where the page stands. The labels may be hostile (device names): they are only ever text. */
export function useBreadcrumb(...crumbs: Crumb[]): void {
  const set = useContext(Set);
  const text = JSON.stringify(crumbs);
  const stable = useMemo(() => JSON.parse(text) as Crumb[], [text]);
  useEffect(() => {
    set(stable);
    document.title = [...stable.map((crumb) => crumb.label).reverse(), "Spoor"].join(" · ");
  }, [set, stable]);
}
