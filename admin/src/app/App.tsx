import { toProblem } from "@offhook/sdk/api";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { NoAccess, Offline, Over, Refused, Starting } from "../features/sign-in/Plain.tsx";
import { SignIn } from "../features/sign-in/SignIn.tsx";
import { I18n } from "../i18n/I18n.tsx";
import type { Api } from "./api.ts";
import { ApiContext, MeContext, useApi, useObservable, useSession } from "./context.ts";
import { notice } from "./notices.ts";
import { proofHeard } from "./proof.ts";
import { show } from "./route.ts";
import { Shell } from "./Shell.tsx";
import { guardUnsaved } from "./unsaved.ts";

const RETRY_MS = 3_000;

export function App({ api }: { api: Api }) {
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 15_000 } } }),
  );

  useEffect(() => {
    // Being offline is not being signed out: we keep trying.
    const look = () => {
      if (api.session.state.get().kind === "unknown") api.session.resume().catch(() => undefined);
    };
    look();
    const timer = setInterval(look, RETRY_MS);
    return () => clearInterval(timer);
  }, [api]);

  useEffect(guardUnsaved, []);

  useEffect(
    () =>
      api.session.state.subscribe(() => {
        // Nothing of one user may be seen by the next one at this browser.
        const state = api.session.state.get();
        if (state.kind !== "signed_out") return;
        queries.clear();
        notice.set(null);
        // Whose session has expired goes on where they were; whoever left goes nowhere.
        if (state.why === "user") show("");
      }),
    [api, queries],
  );

  return (
    <I18n>
      <QueryClientProvider client={queries}>
        <ApiContext value={api}>
          <Pages />
        </ApiContext>
      </QueryClientProvider>
    </I18n>
  );
}

/** Where the window of a test sign-in ends: the page that opened it has the result. */
const TESTED = "#sso_test=";

function Pages() {
  const session = useSession();
  const proven = useObservable(proofHeard);
  if (proven) return <Over words="stepUp.company.done" />;
  if (location.hash.startsWith(TESTED)) return <Over words="sso.tested" />;
  if (session.kind === "unknown") return <Starting />;
  return session.kind === "signed_in" ? <SignedIn /> : <SignIn why={session.why} />;
}

/** What somebody sees goes by what they may; who may nothing gets a page that says so. */
function SignedIn() {
  const api = useApi();
  const me = useQuery({ queryKey: ["me"], queryFn: () => api.call("GET /me") });
  if (me.data) {
    if (me.data.user.permissions.length === 0) return <NoAccess name={me.data.user.name} />;
    return (
      <MeContext value={me.data}>
        <Shell />
      </MeContext>
    );
  }
  if (me.isError && toProblem(me.error).status === 403) {
    return <Refused problem={toProblem(me.error)} />;
  }
  return me.isError ? <Offline retry={() => void me.refetch()} /> : <Starting />;
}
