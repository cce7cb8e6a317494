import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { ChoiceField, SelectField, TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Facts } from "../../ui/Page.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";
import type { Person } from "./people.ts";

interface Props {
  person: Person;
  onClose: (changed: boolean) => void;
}

/** Somebody leaves: what is there, who gets the number, and what stays of the account. */
export function Leaver({ person, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const word = useWord();
  const may = useMay();
  const { busy, problem, run } = useWork();
  const [then, setThen] = useState("disable");
  const [heir, setHeir] = useState<Pick<Person, "id" | "name"> | null>(null);
  const [why, setWhy] = useState("");
  const [search, setSearch] = useState("");
  const q = useDeferredValue(search.trim());
  const path = { id: person.id };
  const preview = useQuery({
    queryKey: ["leaver", person.id],
    queryFn: () => api.call("GET /admin/people/{id}/leaver", { path }),
    gcTime: 0,
  });
  const heirs = useQuery({
    queryKey: ["heirs", q],
    enabled: person.line !== null && q !== "",
    queryFn: () => api.call("GET /admin/people", { query: { q, limit: 20 } }),
  });

  const go = async () => {
    const body = {
      then: then === "erase" ? ("erase" as const) : ("disable" as const),
      number_to: heir?.id ?? null,
      why: why.trim(),
    };
    if (await run(() => api.call("POST /admin/people/{id}/leave", { path, body }))) {
      tell(t(then === "erase" ? "leaver.erased" : "leaver.disabled", { name: person.name }));
      onClose(true);
    }
  };

  const seen = preview.data;
  const found = (heirs.data?.items ?? []).filter(
    (one) => one.id !== person.id && one.line === null,
  );
  // Whoever is chosen stays in the list, whatever is searched for next: what is shown is what counts.
  const offered = heir && !found.some(({ id }) => id === heir.id) ? [heir, ...found] : found;
  return (
    <Sheet title={t("leaver.title", { name: person.name })} onClose={() => onClose(false)}>
      {!seen ? (
        <ListState
          status={preview.isError ? "error" : "loading"}
          empty=""
          onRetry={() => void preview.refetch()}
        />
      ) : (
        <>
          <p>{t("leaver.intro")}</p>
          <Facts
            rows={seen.kept.map(({ kind, count }) => [word("kept", kind), String(count)] as const)}
          />
          {seen.forwardings?.map(({ kind, to }) => (
            <Note key={kind} kind="warn" live={false}>
              {t("leaver.forwarding", { to: to ?? t("leaver.voicemail") })}
            </Note>
          ))}
          {seen.keys.length > 0 && (
            <Note kind="warn" live={false}>
              {t("leaver.keys", { names: seen.keys.map(({ name }) => name).join(", ") })}
            </Note>
          )}
          {seen.last_admin && <Note kind="danger">{t("problem.last_admin")}</Note>}
          {problem !== null && <Note kind="danger">{problem}</Note>}
          {person.line && (
            <>
              <TextField
                label={t("leaver.heir", { number: person.line.number })}
                hint={t("leaver.heir.hint")}
                type="search"
                value={search}
                onChange={setSearch}
              />
              <SelectField
                label={t("leaver.heir.choose")}
                value={heir?.id ?? ""}
                onChange={(id) => setHeir(offered.find((one) => one.id === id) ?? null)}
                options={[
                  { value: "", label: t("leaver.heir.none") },
                  ...offered.map(({ id, name }) => ({ value: id, label: name })),
                ]}
              />
            </>
          )}
          <ChoiceField
            label={t("leaver.then")}
            value={then}
            onChange={setThen}
            options={[
              { value: "disable", label: t("leaver.disable"), note: t("leaver.disable.note") },
              ...(may("people.erase")
                ? [{ value: "erase", label: t("leaver.erase"), note: t("leaver.erase.note") }]
                : []),
            ]}
          />
          <TextField label={t("common.why")} value={why} onChange={setWhy} maxLength={500} />
          <FormActions>
            <Button autoFocus onPress={() => onClose(false)}>
              {t("common.cancel")}
            </Button>
            <Button
              look="danger"
              isPending={busy}
              isDisabled={seen.last_admin}
              onPress={() => void go()}
            >
              {t(then === "erase" ? "leaver.goErase" : "leaver.goDisable")}
            </Button>
          </FormActions>
        </>
      )}
    </Sheet>
  );
}
