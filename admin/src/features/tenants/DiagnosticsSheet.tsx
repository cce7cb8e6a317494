import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { BundleTable } from "../diagnostics/BundleTable.tsx";
import type { Tenant } from "./Tenants.tsx";

/** What a company's people sent, for whoever runs the platform and helps them. */
export function DiagnosticsSheet({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const path = { id: tenant.id };
  const list = useInfiniteQuery({
    queryKey: ["tenants", tenant.id, "diagnostics"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call("GET /operator/tenants/{id}/diagnostics", {
        path,
        query: pageParam === null ? {} : { cursor: pageParam },
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
  const bundles = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Sheet
      title={t("tenants.diagnostics.title", { name: tenant.name })}
      onClose={onClose}
      asks={false}
    >
      <p>{t("tenants.diagnostics.text")}</p>
      {bundles.length > 0 ? (
        <BundleTable
          bundles={bundles}
          load={(one) =>
            api.download("GET /operator/tenants/{id}/diagnostics/{bundle}", {
              path: { ...path, bundle: one.id },
            })
          }
        />
      ) : (
        <ListState
          status={list.isPending ? "loading" : list.isError ? "error" : "done"}
          icon="info"
          empty={t("diagnostics.none")}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.hasNextPage && (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
    </Sheet>
  );
}
