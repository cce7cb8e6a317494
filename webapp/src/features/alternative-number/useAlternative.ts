import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { useSetting } from "../routing/useSetting.ts";

/** The user's other phone, where the phone system offers one. */
export function useAlternative() {
  const phone = usePhone();
  const { offers } = useCalls();
  const offered = offers.includes("alternative_number");
  const setting = useSetting(
    "alternative-number",
    (signal) => phone.rest.call("GET /alternative-number", { signal }, phone.session),
    offered || offers.includes("dial_alternative"),
  );
  return { offered, setting };
}
