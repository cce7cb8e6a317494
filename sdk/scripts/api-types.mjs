// Types of the client API from the gateway's own document. With --check it only says whether
// sdk/src/api/schema.ts is what the document gives now.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import openapi, { astToString } from "openapi-typescript";
import prettier from "prettier";

const root = join(import.meta.dirname, "..", "..");
const target = join(root, "sdk", "src", "api", "schema.ts");
const head = "// Made from docs/openapi.json by `npm run api-types`. Do not edit.\n\n";

const document = JSON.parse(readFileSync(join(root, "docs", "openapi.json"), "utf8"));
// A refusal is always a Problem: to say so under every path would be half of the file.
for (const path of Object.values(document.paths)) {
  for (const { responses } of Object.values(path)) {
    for (const status of Object.keys(responses)) if (status >= "400") delete responses[status];
  }
}
const tree = await openapi(document, {
  // A member with a default may be left out of a request; replies name theirs as required.
  defaultNonNullable: false,
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
});
const options = { ...(await prettier.resolveConfig(target)), filepath: target };
const text = await prettier.format(head + astToString(tree), options);

if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  console.error("sdk/src/api/schema.ts is not what docs/openapi.json gives: npm run api-types");
  process.exit(1);
}
