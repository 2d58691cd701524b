// Who is signed in, and what they may do: the one gate that rail, commands and pages read.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { ApiError, call, onSignedOut, setCsrfToken } from "@/api/call";
import type { Me } from "@/api/gen/api";

interface Held {
  /** null while nobody is signed in */
  me: Me | null;
  loading: boolean;
  /** The server could not be reached or answered oddly */
  error: ApiError | null;
  /** The session ended while the page was open: a dialog asks to sign in again, the page stays */
  expired: boolean;
  may: (permission: string) => boolean;
  signedIn: (me: Me) => void;
  signOut: () => Promise<void>;
  retry: () => void;
}

const Context = createContext<Held | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [expired, setExpired] = useState(false);
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ["session"],
    queryFn: async ({ signal }) => {
      try {
        const me = await call("getSession", {}, signal);
        setCsrfToken(me.csrf_token);
        return me;
      } catch (cause) {
        if (cause instanceof ApiError && cause.status === 401) return null;
        throw cause;
      }
    },
    staleTime: Infinity,
    retry: false,
  });

  useEffect(
    () =>
      onSignedOut(() => {
        setExpired(true);
      }),
    [],
  );

  const held = useMemo<Held>(() => {
    const me = data ?? null;
    return {
      me,
      loading: isPending,
      error: error instanceof ApiError ? error : null,
      expired: expired && me !== null,
      may: (permission) => me?.permissions.includes(permission) ?? false,
      signedIn: (next) => {
        setCsrfToken(next.csrf_token);
        // What another person saw must not stay in memory.
        if (me?.name !== next.name) {
          client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
        }
        client.setQueryData(["session"], next);
        setExpired(false);
        if (me?.name === next.name) void client.invalidateQueries({ refetchType: "active" });
      },
      signOut: async () => {
        await call("signOut", {});
        setCsrfToken("");
        client.clear();
        client.setQueryData(["session"], null);
      },
      retry: () => void refetch(),
    };
  }, [data, isPending, error, expired, client, refetch]);
  return <Context.Provider value={held}>{children}</Context.Provider>;
}

export function useSession(): Held {
  const held = useContext(Context);
  if (!held) throw new Error("useSession outside of SessionProvider");
  return held;
}
