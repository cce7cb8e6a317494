import type { Session } from "../api/session.ts";

/**
 * Whether a refused connection is worth another try. Only a 401 is about the token; too many
 * sockets or a busy gateway need patience instead.
 */
export async function worthAnother(session: Session, status: number | undefined): Promise<boolean> {
  if (status !== undefined && status !== 401) return true;
  try {
    return (await session.renew()) !== null;
  } catch {
    // No answer says nothing about the session: it is asked for again with the next CONNECT.
    return true;
  }
}
