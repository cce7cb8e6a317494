import {
  createContext,
  type ReactNode,
  type RefObject,
  use,
  useMemo,
  useRef,
  useState,
} from "react";

interface DialText {
  text: string;
  setText: (text: string) => void;
  field: RefObject<HTMLInputElement | null>;
}

const Context = createContext<DialText | null>(null);

/** What stands in the one field for names and numbers. It outlives calls and changes of view. */
export function DialTextProvider({ children }: { children: ReactNode }) {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const value = useMemo(() => ({ text, setText, field }), [text]);
  return <Context value={value}>{children}</Context>;
}

export function useDialText(): DialText {
  const value = use(Context);
  if (!value) throw new Error("useDialText outside of DialTextProvider");
  return value;
}
