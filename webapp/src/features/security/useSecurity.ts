import { useQuery, useQueryClient } from "@tanstack/react-query";
import { usePhone } from "../../app/PhoneContext.tsx";

export const SECURITY = ["security"];

export function useSecurity() {
  const phone = usePhone();
  return useQuery({
    queryKey: SECURITY,
    queryFn: ({ signal }) => phone.rest.call("GET /me/security", { signal }, phone.session),
  });
}

/** After a change: what the server says now, of all that hangs together. */
export function useReadAgain(names = ["security", "passkeys", "sessions"]): () => void {
  const client = useQueryClient();
  return () => {
    for (const name of names) {
      void client.invalidateQueries({ queryKey: [name] });
    }
  };
}
