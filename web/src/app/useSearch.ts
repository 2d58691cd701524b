import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "@/api/call";
import { foundIn, questionsOf, type Found, type FoundKind } from "./search";

/** Seconds that a question may take */
const mostSeconds = 10;

export interface Search {
  found: readonly Found[];
  /** Kinds that are still asked for */
  waits: readonly FoundKind[];
  /** Kinds that could not be read, and why */
  failed: readonly { kind: FoundKind; why: string }[];
}

/** What telemetry knows of a text; nothing while `enabled` is not set. */
export function useSearch(text: string, enabled: boolean): Search {
  const questions = useMemo(() => (enabled ? questionsOf(text) : []), [text, enabled]);
  const answers = useQueries({
    queries: questions.map(({ query }) => ({
      queryKey: ["runQuery", query],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call("runQuery", { body: { query, max_rows: 20, max_seconds: mostSeconds } }, signal),
      staleTime: 60_000,
      retry: false,
    })),
  });
  return {
    found: questions.flatMap((question, at) => {
      const answer = answers[at]?.data;
      return answer ? foundIn(answer, question, text) : [];
    }),
    waits: questions.flatMap(({ kind }, at) => (answers[at]?.isPending === true ? [kind] : [])),
    failed: questions.flatMap(({ kind }, at) => {
      const error = answers[at]?.error;
      return error ? [{ kind, why: error.message }] : [];
    }),
  };
}
