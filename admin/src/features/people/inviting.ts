import type { Reply } from "@offhook/sdk/api";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/context.ts";

export type Inviting = Reply<"GET /admin/people/invite">;

export const INVITING = ["inviting"];
const POLL_MS = 700;
const LETTERS_POLL_MS = 5000;

/** The invitations of many: the server works on even if nobody looks. */
export function useInviting(enabled = true) {
  const api = useApi();
  return useQuery({
    queryKey: INVITING,
    queryFn: () => api.call("GET /admin/people/invite"),
    enabled,
    refetchInterval: ({ state: { data } }) => {
      if (data?.state === "running") return POLL_MS;
      return data && leaving(data) > 0 ? LETTERS_POLL_MS : false;
    },
  });
}

/** Letters that the mail server has not taken yet. Others of the company may wait among them. */
export function leaving(job: Inviting): number {
  return job.mail === "queued" ? Math.min(job.letters_waiting, job.sent) : 0;
}

/** Those who were meant and have heard nothing. */
export function uninvited(job: Inviting): number {
  return job.total - job.sent - job.left_out;
}
