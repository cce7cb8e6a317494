// Initial JavaScript of a built page, gzipped: the entry, what it imports statically, what the page
// preloads, and the named chunks, which the entry loads by itself. Fails above the limit, so that
// growth is a decision and not an accident.
// size.mjs <workspace> <limit in kB> [<chunk> ...]
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const [workspace, limit, ...chunks] = process.argv.slice(2);
const LIMIT_KB = Number(limit);
const dist = join(import.meta.dirname, "..", "..", workspace, "dist");
const html = readFileSync(join(dist, "index.html"), "utf8");
const queue = [...html.matchAll(/(?:src|href)="\/(?:admin\/)?([^"]+\.js)"/g)].map(
  (match) => match[1],
);
if (queue.length === 0) {
  console.error(`no script found in ${workspace}/dist/index.html: run the build first`);
  process.exit(1);
}
for (const chunk of chunks) {
  const file = readdirSync(join(dist, "assets")).find(
    (name) => name.startsWith(`${chunk}-`) && name.endsWith(".js"),
  );
  if (file === undefined) {
    console.error(`no chunk ${chunk} in ${workspace}/dist`);
    process.exit(1);
  }
  queue.push(join("assets", file));
}

const seen = new Map();
while (queue.length > 0) {
  const file = queue.pop();
  if (seen.has(file)) continue;
  const source = readFileSync(join(dist, file));
  seen.set(file, gzipSync(source, { level: 9 }).length);
  const staticImports = /(?:^|[;}\s])import\s*(?:[^"'()]*?from\s*)?["'](\.[^"']+)["']/g;
  for (const match of source.toString("utf8").matchAll(staticImports)) {
    queue.push(join(dirname(file), match[1]));
  }
}

let total = 0;
for (const [file, bytes] of seen) {
  total += bytes;
  console.log(
    `${(bytes / 1000).toFixed(1).padStart(8)} kB gz  ${file} (${statSync(join(dist, file)).size} bytes)`,
  );
}
const kb = total / 1000;
console.log(
  `${kb.toFixed(1).padStart(8)} kB gz  initial JavaScript of ${workspace}, limit ${LIMIT_KB} kB`,
);
if (kb > LIMIT_KB) {
  console.error(`over the limit by ${(kb - LIMIT_KB).toFixed(1)} kB`);
  process.exit(1);
}
