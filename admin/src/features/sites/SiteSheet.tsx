import type { Body } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQueryClient } from "@tanstack/react-query";
import type { SubmitEvent } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { show } from "../../app/route.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Conflict } from "../../ui/Conflict.tsx";
import { SelectField, TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import { numberOf, useNumbers } from "../../ui/useNumbers.ts";
import { useWork } from "../../ui/useWork.ts";
import type { Site } from "./connector.ts";

type SiteBody = Body<"POST /admin/sites">;

const PROFILES = ["business", "voice", "os4000"] as const;

/** "100-299, 400" as pairs of first and last. */
export function rangesOf(text: string): [string, string][] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [first = "", last = ""] = part.split("-").map((end) => end.trim());
      return [first, last === "" ? first : last];
    });
}

function draftOf(site: Site | null) {
  return {
    name: site?.name ?? "",
    profile: site?.profile ?? ("business" as const),
    country: site?.country ?? "DE",
    area_code: site?.area_code ?? "",
    exit_code: site?.exit_code ?? "0",
    trunk_prefix: site?.trunk_prefix ?? "0",
    number_block: site?.number_block ?? "",
    digits: String(site?.extension_digits ?? 3),
    ranges: (site?.extension_ranges ?? []).map(([a, b]) => (a === b ? a : `${a}-${b}`)).join(", "),
    pbx_release: site?.pbx_release ?? "",
    channels: String(site?.channels ?? ""),
    ip_licences: String(site?.ip_licences ?? ""),
  };
}

export function SiteSheet({ site, onClose }: { site: Site | null; onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const queries = useQueryClient();
  const word = useWord();
  const { busy, problem, run } = useWork();
  const edit = useEdit({
    thing: site,
    draftOf,
    again: () => api.call("GET /admin/sites/{id}", { path: { id: site?.id ?? "" } }),
  });
  const { draft } = edit;
  const field = (name: Exclude<keyof typeof draft, "profile">) => ({
    value: draft[name],
    onChange: (value: string) => edit.set(name, value),
  });

  const numbers = useNumbers({
    digits: draft.digits,
    channels: draft.channels,
    ip_licences: draft.ip_licences,
  });
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!numbers.fine()) return;
    const { digits, ranges, channels, ip_licences: licences, country, ...rest } = draft;
    const body = (one: Site | null): SiteBody => ({
      ...rest,
      country: country.toUpperCase(),
      extension_digits: numberOf(digits) ?? 3,
      extension_ranges: rangesOf(ranges),
      channels: numberOf(channels),
      ip_licences: numberOf(licences),
      // As the server gave them: it names each of them itself.
      ...(one ? { codecs: one.codecs as SiteBody["codecs"] & {} } : {}),
    });
    await run(() =>
      edit.save(async (one) => {
        const saved = one
          ? await api.call("PUT /admin/sites/{id}", {
              path: { id: one.id },
              body: body(one),
              ifMatch: one.version,
            })
          : await api.call("POST /admin/sites", { body: body(null) });
        await queries.invalidateQueries({ queryKey: ["sites"] });
        tell(t("sites.saved", { name: saved.name }));
        if (!one) show("sites", saved.id);
        onClose();
      }),
    );
  };

  return (
    <Sheet title={site ? site.name : t("sites.new")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        <Conflict
          edit={edit}
          labels={{
            name: t("sites.name"),
            profile: t("sites.pbx"),
            country: t("sites.country"),
            area_code: t("sites.areaCode"),
            exit_code: t("sites.exitCode"),
            trunk_prefix: t("sites.trunkPrefix"),
            number_block: t("sites.block"),
            digits: t("sites.digits"),
            ranges: t("sites.ranges"),
            pbx_release: t("sites.release"),
            channels: t("sites.channels"),
            ip_licences: t("sites.licences"),
          }}
          show={(name, value) => (name === "profile" ? word("profile", value) : value)}
        />
        <TextField label={t("sites.name")} {...field("name")} required autoFocus />
        <FormPair>
          <SelectField
            label={t("sites.pbx")}
            value={draft.profile}
            options={PROFILES.map((value) => ({ value, label: t(`profile.${value}`) }))}
            onChange={(next) => {
              const profile = PROFILES.find((one) => one === next);
              if (profile) edit.set("profile", profile);
            }}
          />
          <TextField label={t("sites.release")} {...field("pbx_release")} />
        </FormPair>
        <h3>{t("sites.numbers")}</h3>
        <FormPair>
          <TextField label={t("sites.country")} {...field("country")} maxLength={2} required />
          <TextField
            label={t("sites.areaCode")}
            hint={t("sites.areaCode.hint")}
            inputMode="tel"
            {...field("area_code")}
          />
          <TextField label={t("sites.exitCode")} inputMode="tel" {...field("exit_code")} />
          <TextField label={t("sites.trunkPrefix")} inputMode="tel" {...field("trunk_prefix")} />
          <TextField
            label={t("sites.block")}
            hint={t("sites.block.hint")}
            inputMode="tel"
            {...field("number_block")}
          />
          <TextField
            label={t("sites.digits")}
            inputMode="numeric"
            error={numbers.error("digits")}
            {...field("digits")}
          />
        </FormPair>
        <TextField label={t("sites.ranges")} hint={t("sites.ranges.hint")} {...field("ranges")} />
        <FormPair>
          <TextField
            label={t("sites.channels")}
            inputMode="numeric"
            error={numbers.error("channels")}
            {...field("channels")}
          />
          <TextField
            label={t("sites.licences")}
            inputMode="numeric"
            error={numbers.error("ip_licences")}
            {...field("ip_licences")}
          />
        </FormPair>
        <FormActions>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button look="primary" type="submit" isPending={busy}>
            {t("common.save")}
          </Button>
        </FormActions>
      </form>
    </Sheet>
  );
}
