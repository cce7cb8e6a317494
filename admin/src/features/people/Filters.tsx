import { setParams } from "../../app/route.ts";
import { useT } from "../../i18n/I18n.tsx";
import { SelectField, TextField } from "../../ui/Fields.tsx";
import { ROLES, STATES } from "./people.ts";
import styles from "./People.module.css";

interface Props {
  params: URLSearchParams;
  sites: readonly { id: string; name: string }[];
  total: number | null;
}

/** They stand in the address: a link shows the same people again. */
export function Filters({ params, sites, total }: Props) {
  const t = useT();
  const all = { value: "", label: t("common.all") };
  return (
    <div className={styles.filters} role="search">
      <TextField
        label={t("people.search")}
        type="search"
        value={params.get("q") ?? ""}
        onChange={(q) => setParams({ q })}
      />
      <SelectField
        label={t("people.state")}
        value={params.get("state") ?? ""}
        options={[all, ...STATES.map((value) => ({ value, label: t(`personState.${value}`) }))]}
        onChange={(state) => setParams({ state })}
      />
      <SelectField
        label={t("people.role")}
        value={params.get("role") ?? ""}
        options={[all, ...ROLES.map((value) => ({ value, label: t(`role.${value}`) }))]}
        onChange={(role) => setParams({ role })}
      />
      {sites.length > 1 && (
        <SelectField
          label={t("people.site")}
          value={params.get("site") ?? ""}
          options={[all, ...sites.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(site) => setParams({ site })}
        />
      )}
      <p role="status" className={styles.count}>
        {total !== null && t("people.count", { count: total })}
      </p>
    </div>
  );
}
