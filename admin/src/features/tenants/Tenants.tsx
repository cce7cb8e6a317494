import type { Reply } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useApi } from "../../app/context.ts";
import { setParams, usePlace } from "../../app/route.ts";
import { useDay, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { SelectField, TextField } from "../../ui/Fields.tsx";
import { FormPair } from "../../ui/Form.tsx";
import { Page } from "../../ui/Page.tsx";
import { type Act, RowMenu } from "../../ui/RowMenu.tsx";
import { State, type Tone } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import { AdminSheet } from "./AdminSheet.tsx";
import { Closing } from "./Closing.tsx";
import { DiagnosticsSheet } from "./DiagnosticsSheet.tsx";
import { QuotaSheet } from "./QuotaSheet.tsx";

export type Tenant = Reply<"GET /operator/tenants">["items"][number];

const STATUSES = ["invited", "active", "suspended", "deleting"] as const;
const TONES: Record<string, Tone> = {
  invited: "warn",
  active: "ok",
  suspended: "danger",
  deleting: "danger",
};

type ActKind = "admin" | "quotas" | "diagnostics" | "suspend" | "resume" | "delete";

export type Open = { kind: "new" } | { kind: ActKind; tenant: Tenant } | null;

/** The companies on this platform; for those who run it. */
export default function Tenants() {
  const t = useT();
  const api = useApi();
  const { params } = usePlace();
  const [open, setOpen] = useState<Open>(null);
  const q = params.get("q") ?? "";
  const status = STATUSES.find((one) => one === params.get("status"));
  const filter = useDeferredValue({ ...(q === "" ? {} : { q }), ...(status ? { status } : {}) });
  const list = useInfiniteQuery({
    queryKey: ["tenants", filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call("GET /operator/tenants", {
        query: { ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) },
      }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
  const tenants = list.data?.pages.flatMap((page) => page.items) ?? [];
  const close = () => {
    setOpen(null);
    void list.refetch();
  };
  return (
    <Page
      title={t("nav.tenants")}
      intro={t("tenants.intro")}
      actions={
        <Button look="primary" icon="add" onPress={() => setOpen({ kind: "new" })}>
          {t("tenants.new")}
        </Button>
      }
    >
      <FormPair>
        <TextField
          label={t("people.search")}
          type="search"
          value={q}
          onChange={(next) => setParams({ q: next })}
        />
        <SelectField
          label={t("people.state")}
          value={status ?? ""}
          options={[
            { value: "", label: t("common.all") },
            ...STATUSES.map((value) => ({ value, label: t(`tenantState.${value}`) })),
          ]}
          onChange={(next) => setParams({ status: next })}
        />
      </FormPair>
      {tenants.length > 0 ? (
        <TenantTable tenants={tenants} onOpen={setOpen} />
      ) : (
        <ListState
          status={list.isPending ? "loading" : list.isError ? "error" : "done"}
          icon="building"
          empty={t("tenants.none")}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.hasNextPage && (
        <Button onPress={() => void list.fetchNextPage()}>{t("common.more")}</Button>
      )}
      {open?.kind === "new" && <AdminSheet tenant={null} onClose={close} />}
      {open?.kind === "admin" && <AdminSheet tenant={open.tenant} onClose={close} />}
      {open?.kind === "quotas" && <QuotaSheet tenant={open.tenant} onClose={close} />}
      {open?.kind === "diagnostics" && <DiagnosticsSheet tenant={open.tenant} onClose={close} />}
      <Closing open={open} onClose={close} />
    </Page>
  );
}

interface TableProps {
  tenants: readonly Tenant[];
  onOpen: (open: Open) => void;
}

function TenantTable({ tenants, onOpen }: TableProps) {
  const t = useT();
  const word = useWord();
  const day = useDay();
  return (
    <Table
      label={t("nav.tenants")}
      rows={tenants}
      keyOf={(one) => one.id}
      columns={[
        { title: t("keys.name"), cell: (one) => one.name },
        {
          title: t("people.state"),
          cell: (one) => (
            <State tone={TONES[one.status] ?? "quiet"}>{word("tenantState", one.status)}</State>
          ),
        },
        {
          title: t("usage.users"),
          number: true,
          cell: (one) =>
            one.licences === null
              ? one.users
              : t("sites.of", { used: one.users, all: one.licences }),
        },
        { title: t("settings.since"), whole: true, cell: (one) => day(one.created_at) },
        {
          title: "",
          cell: (one) => (
            <RowMenu
              label={t("common.actions", { name: one.name })}
              acts={one.kind === "platform" ? [] : actsOf(one, onOpen, t)}
            />
          ),
        },
      ]}
    />
  );
}

function actsOf(tenant: Tenant, onOpen: (open: Open) => void, t: ReturnType<typeof useT>): Act[] {
  const act = (kind: ActKind, danger = false) => ({
    id: kind,
    label: kind === "diagnostics" ? t("nav.diagnostics") : t(`tenants.${kind}`),
    danger,
    work: () => onOpen({ kind, tenant }),
  });
  const open = tenant.status === "active" || tenant.status === "invited";
  return [
    ...(open ? [act("admin"), act("quotas")] : []),
    act("diagnostics"),
    open ? act("suspend", true) : act("resume"),
    ...(tenant.status === "deleting" ? [] : [act("delete", true)]),
  ];
}
