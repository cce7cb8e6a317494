/** "The user signed out, and the server does not know it yet." */
export interface SignedOutMark {
  get: () => boolean;
  set: (on: boolean) => void;
}

const KEY = "offhook.signed-out";

/** In the browser's storage; where that is closed to us, at least for the life of the page. */
export function storedMark(): SignedOutMark {
  let here = false;
  return {
    get: () => here || attempt((storage) => storage.getItem(KEY) === "1") === true,
    set: (on) => {
      const stored = attempt((storage) => {
        if (on) storage.setItem(KEY, "1");
        else storage.removeItem(KEY);
        return true;
      });
      here = on && stored !== true;
    },
  };
}

/** Storage throws where cookies are blocked and where it is full; some surroundings have none. */
function attempt<T>(work: (storage: Storage) => T): T | undefined {
  try {
    const { localStorage } = globalThis as { localStorage?: Storage };
    return localStorage && work(localStorage);
  } catch {
    return undefined;
  }
}
