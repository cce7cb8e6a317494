import type { paths } from "./schema.ts";

type Method = "get" | "post" | "put" | "patch" | "delete";

/** Method and path of everything that the gateway's document names, as "GET /journal". */
export type Route = {
  [P in keyof paths]: P extends `/api/v1${infer Short}`
    ? {
        [M in Method]: paths[P][M] extends object ? `${Uppercase<M>} ${Short}` : never;
      }[Method]
    : never;
}[keyof paths];

type Operation<R extends Route> = R extends `${infer M} ${infer Short}`
  ? `/api/v1${Short}` extends infer P extends keyof paths
    ? Lowercase<M> extends infer L extends keyof paths[P]
      ? NonNullable<paths[P][L]>
      : never
    : never
  : never;

interface Json<T> {
  content: { "application/json": T };
}

type Parameters<R extends Route, Where extends string> =
  Operation<R> extends { parameters: infer All }
    ? Where extends keyof All
      ? All[Where]
      : never
    : never;

export type Query<R extends Route> = Parameters<R, "query">;
export type PathParameters<R extends Route> = Parameters<R, "path">;

export type Body<R extends Route> =
  Operation<R> extends { requestBody?: infer B }
    ? NonNullable<B> extends Json<infer T>
      ? T
      : never
    : never;

/** What a success brings; undefined for an answer without a body. */
export type Reply<R extends Route> =
  Operation<R> extends { responses: infer All }
    ? { [Status in keyof All]: All[Status] extends Json<infer T> ? T : undefined }[keyof All]
    : never;
