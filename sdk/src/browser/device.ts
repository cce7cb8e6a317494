/** What the server is told of this browser, and what its tabs share: one sign-in for all pages. */

const DEVICE_KEY = "offhook.device";

export interface ThisDevice {
  id?: string;
  kind: "web" | "pwa";
  name: string;
}

export function thisDevice(): ThisDevice {
  const id = localStorage.getItem(DEVICE_KEY);
  return { ...(id ? { id } : {}), kind: installed() ? "pwa" : "web", name: browserName() };
}

export function rememberDevice(id: string): void {
  localStorage.setItem(DEVICE_KEY, id);
}

const ARRIVED = "#signed_in";
let arrived = false;

/** The company's own sign-in has just led here, with a new cookie: true for the life of this page. */
export function arrivedSignedIn(): boolean {
  if (location.hash === ARRIVED) {
    arrived = true;
    history.replaceState(null, "", location.pathname + location.search);
  }
  return arrived;
}

/**
 * Where to go to sign in at the company's provider: this browser stays the device that it was.
 * `fresh`: the provider has to ask for a new proof, whatever its cookie says.
 */
export function companySignInUrl(
  startUrl: string,
  to: "app" | "admin",
  email: string,
  fresh = false,
): string {
  const { id, name } = thisDevice();
  const asked = new URLSearchParams({
    to,
    email,
    device_name: name,
    ...(id ? { device: id } : {}),
    ...(fresh ? { fresh: "true" } : {}),
  });
  return `${startUrl}?${asked}`;
}

export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  // Absent on insecure pages: then tabs may refresh twice, which the server forgives for 10 s.
  const locks = (navigator as Partial<Navigator>).locks;
  return locks ? await locks.request(name, work) : await work();
}

function installed(): boolean {
  return matchMedia("(display-mode: standalone)").matches;
}

function browserName(): string {
  const agent = navigator.userAgent;
  const known: [RegExp, string][] = [
    [/Edg\//, "Edge"],
    [/Firefox\//, "Firefox"],
    [/Chrom(e|ium)\//, "Chrome"],
    [/Safari\//, "Safari"],
  ];
  const browser = known.find(([pattern]) => pattern.test(agent))?.[1] ?? "Browser";
  const system = /Windows|Mac OS|Android|iPhone|iPad|Linux/.exec(agent)?.[0] ?? "";
  return system === "" ? browser : `${browser}, ${system}`;
}
