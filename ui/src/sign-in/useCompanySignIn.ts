import { companySignInUrl, type RestClient } from "@offhook/sdk/api";
import { useRef, useState } from "react";

interface Company {
  name: string;
  start_url: string;
}

/**
 * Whether the address belongs to a company that signs its people in itself; by its domain alone.
 * `to`: the page that they come back to.
 */
export function useCompanySignIn(rest: RestClient, to: "app" | "admin") {
  const [found, setFound] = useState<Company | null>(null);
  const asked = useRef("");

  const look = async (email: string) => {
    const domain = email.split("@")[1] ?? "";
    if (domain === asked.current) return;
    asked.current = domain;
    if (domain === "") {
      setFound(null);
      return;
    }
    try {
      const { sso } = await rest.call("GET /auth/methods", { query: { email } });
      if (asked.current === domain) setFound(sso);
    } catch {
      // The password stays as the way in; a press on its button says what is wrong.
      asked.current = "";
    }
  };
  const go = (email: string) => {
    if (found) location.assign(companySignInUrl(found.start_url, to, email));
  };
  return { found, look, go };
}
