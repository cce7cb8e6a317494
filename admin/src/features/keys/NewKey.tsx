import { useQuery } from "@tanstack/react-query";
import type { Body } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { CheckField, ChoiceField, SelectField, TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";
import { EXPIRIES, type Key, secondsOf } from "./keys.ts";

interface Props {
  scopes: readonly string[];
  /** Of which site, where that is settled already. */
  site?: string;
  onMade: (key: Key, text: string) => void;
  onClose: () => void;
}

type NewKeyBody = Body<"POST /admin/keys">;

export function NewKey({ scopes, site, onMade, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const word = useWord();
  const { busy, problem, run } = useWork();
  const [name, setName] = useState("");
  const [kind, setKind] = useState<"connector" | "admin">("connector");
  const [siteId, setSiteId] = useState(site ?? "");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [expiry, setExpiry] = useState("never");
  const sites = useQuery({ queryKey: ["sites"], queryFn: () => api.call("GET /admin/sites") });
  const places = sites.data?.items ?? [];
  const place = siteId === "" ? (places[0]?.id ?? "") : siteId;

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body: NewKeyBody = {
      name: name.trim(),
      kind,
      expires_in: secondsOf(expiry),
      ...(kind === "connector" ? { site_id: place } : { scopes: [...chosen] as never }),
    };
    await run(async () => {
      const { key, text } = await api.call("POST /admin/keys", { body });
      onMade(key, text);
    });
  };

  return (
    <Sheet title={t("keys.new")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        <TextField
          label={t("keys.name")}
          hint={t("keys.name.hint")}
          value={name}
          onChange={setName}
          maxLength={100}
          autoFocus
          required
        />
        {site === undefined && (
          <ChoiceField
            label={t("keys.for")}
            value={kind}
            options={[
              { value: "connector", label: t("keys.kind.connector") },
              { value: "admin", label: t("keys.kind.admin") },
            ]}
            onChange={(value) => setKind(value === "admin" ? "admin" : "connector")}
          />
        )}
        {kind === "connector" && site === undefined && (
          <SelectField
            label={t("keys.site")}
            value={place}
            options={places.map(({ id, name: label }) => ({ value: id, label }))}
            onChange={setSiteId}
          />
        )}
        {kind === "admin" && (
          <fieldset>
            <legend>{t("keys.scopes")}</legend>
            {scopes.map((scope) => (
              <CheckField
                key={scope}
                checked={chosen.includes(scope)}
                onChange={(on) =>
                  setChosen(on ? [...chosen, scope] : chosen.filter((one) => one !== scope))
                }
              >
                {word("scope", scope)}
              </CheckField>
            ))}
          </fieldset>
        )}
        <SelectField
          label={t("keys.expires")}
          value={expiry}
          options={EXPIRIES.map((value) => ({
            value,
            label:
              value === "never" ? t("common.never") : t("common.days", { days: Number(value) }),
          }))}
          onChange={setExpiry}
        />
        <FormActions>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            look="primary"
            type="submit"
            isPending={busy}
            isDisabled={
              name.trim() === "" || (kind === "admin" ? chosen.length === 0 : place === "")
            }
          >
            {t("keys.make")}
          </Button>
        </FormActions>
      </form>
    </Sheet>
  );
}
