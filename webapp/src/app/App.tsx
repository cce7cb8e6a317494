import type { Phone } from "@offhook/sdk";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { cameBack } from "../features/contact-sources/cameBack.ts";
import { BEGINNING, listPlace } from "../features/contacts/listPlace.ts";
import { panel } from "../features/contacts/panel.ts";
import { callingBack } from "../features/dial/CallBackNote.tsx";
import { callFrom } from "../features/dial/callFrom.ts";
import { dialRequest } from "../features/dial/dialRequest.ts";
import { hideNumber } from "../features/dial/hideNumber.ts";
import { clearParked } from "../features/parking/parked.ts";
import { microphoneTrouble } from "../features/ready/microphoneTrouble.ts";
import { FollowSettings } from "../features/settings/FollowSettings.tsx";
import { SignIn } from "../features/sign-in/SignIn.tsx";
import { I18n } from "../i18n/I18n.tsx";
import { answer } from "../features/security/stepUp.ts";
import { mailedLink } from "../features/sign-in/link.ts";
import { PhoneContext, useObservable, usePhone, useSession } from "./PhoneContext.tsx";
import { clearRemovals, flushRemovals } from "./removals.ts";
import { soundBlocked } from "./soundBlocked.ts";
import { Shell } from "./Shell.tsx";

const SetUpPage = lazy(() => import("../features/security/SetUpPage.tsx"));

export function App({ phone }: { phone: Phone }) {
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 30_000 } } }),
  );

  useEffect(() => {
    // Browsers let a page sound only after the user touched it: the first touch does.
    const touch = () => {
      soundBlocked.set(false);
      void phone.userGesture();
    };
    window.addEventListener("pointerdown", touch);
    window.addEventListener("keydown", touch);
    return () => {
      window.removeEventListener("pointerdown", touch);
      window.removeEventListener("keydown", touch);
    };
  }, [phone]);

  useEffect(() => {
    const leave = () => void flushRemovals();
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, []);

  useEffect(() => {
    // The phone started before the page: it may know already that nobody is signed in.
    if (phone.session.state.get().kind === "signed_out") cameBack.set(null);
  }, [phone]);

  useEffect(
    () =>
      phone.session.state.subscribe(() => {
        // Nothing of one user may be seen by the next one at this browser.
        if (phone.session.state.get().kind !== "signed_out") return;
        queries.clear();
        dialRequest.set({ kind: "idle" });
        microphoneTrouble.set(null);
        clearRemovals();
        panel.set({ kind: "list" });
        listPlace.set(BEGINNING);
        cameBack.set(null);
        clearParked();
        hideNumber.set(false);
        callFrom("browser");
        callingBack.set(null);
        answer(false);
      }),
    [phone, queries],
  );

  return (
    <I18n>
      <QueryClientProvider client={queries}>
        <PhoneContext value={phone}>
          <FollowSettings />
          <Pages />
        </PhoneContext>
      </QueryClientProvider>
    </I18n>
  );
}

function Pages() {
  const session = useSession();
  const link = useObservable(mailedLink);
  const refused = useObservable(usePhone().refused);
  if (session.kind !== "signed_in" || link !== null) return <SignIn session={session} />;
  if (refused === "second_factor_setup_required") {
    return (
      <Suspense fallback={null}>
        <SetUpPage />
      </Suspense>
    );
  }
  return <Shell />;
}
