import { ListState } from "@offhook/ui/ListState.tsx";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

interface Props<T> {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}

/** What was asked for once it is there; else that it comes, or did not. */
export function Loaded<T>({ query, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  return (
    <ListState
      status={query.isError ? "error" : "loading"}
      empty=""
      onRetry={() => void query.refetch()}
    />
  );
}
