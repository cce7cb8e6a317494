import { type Problem, toProblem } from "@offhook/sdk";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useCalls } from "../../app/PhoneContext.tsx";

/** What the server keeps, read again when it says so, and changed by asking it. */
export function useSetting<T>(
  name: string,
  read: (signal: AbortSignal) => Promise<T>,
  enabled = true,
) {
  const client = useQueryClient();
  const { routingVersion } = useCalls();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const query = useQuery({ queryKey: [name], queryFn: ({ signal }) => read(signal), enabled });

  useEffect(() => {
    if (routingVersion > 0) void client.invalidateQueries({ queryKey: [name] });
  }, [client, name, routingVersion]);

  /**
   * Shows what the server answered, never what was asked for. False: it refused, or the change
   * before is not through: fields stay enabled then, as one that is disabled loses the focus.
   */
  const change = async (ask: () => Promise<T>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setProblem(null);
    try {
      const now = await ask();
      await client.cancelQueries({ queryKey: [name] });
      client.setQueryData([name], now);
      return true;
    } catch (error) {
      setProblem(toProblem(error));
      void client.invalidateQueries({ queryKey: [name] });
      return false;
    } finally {
      setBusy(false);
    }
  };

  return { value: query.data, failed: query.isError, retry: query.refetch, change, busy, problem };
}
