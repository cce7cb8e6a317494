import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { Component, type ReactNode } from "react";
import { useT } from "../i18n/I18n.tsx";

/** A page that does not come, or cannot be drawn, takes nothing else with it. */
export class PageBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

/** After an update the files of the page of before are gone: only loading it anew gets others. */
function Broken() {
  const t = useT();
  return (
    <Note
      kind="danger"
      action={<Button onPress={() => location.reload()}>{t("page.reload")}</Button>}
    >
      {t("page.broken")}
    </Note>
  );
}
