// build.mjs: turns web/ into two files that a C compiler takes in.
//
//   node build.mjs OUT      writes OUT/assets.c, OUT/assets.bin and OUT/assets.d
//
// assets.bin holds every asset twice, as it is and gzipped, end to end; assets.c takes it in with
// .incbin and says what lies where, as server/assets.h promises; assets.d names, for make or ninja,
// every file that was read. Script and style carry their content's hash in their names, so they may
// be kept for ever; index.html points at them by relative names, so any prefix works. The same
// sources give the same bytes: no times, no paths.
// SPDX-License-Identifier: MIT

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const WEB = dirname(fileURLToPath(import.meta.url));

const PLAIN = [
  { name: "favicon.svg", type: "image/svg+xml" },
  { name: "manifest.webmanifest", type: "application/manifest+json" },
];

async function loadEsbuild() {
  try {
    return await import("esbuild");
  } catch {
    throw new Error("web/node_modules is missing or incomplete: "
      + "run `npm ci --ignore-scripts` in web/ and build again");
  }
}

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Every asset of the page: [{ path, type, raw, immutable }], and the files it was made from. */
export async function bundle() {
  const esbuild = await loadEsbuild();
  const result = await esbuild.build({
    absWorkingDir: WEB,
    entryPoints: { app: "src/main.tsx" },
    outdir: "out",
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    target: ["es2021", "chrome105", "firefox121", "safari15.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    charset: "utf8",
    logLevel: "error",
  });
  const assets = [];
  let html = readFileSync(join(WEB, "index.html"), "utf8");
  for (const [ending, type] of [["css", "text/css"], ["js", "text/javascript"]]) {
    const made = result.outputFiles.find((f) => f.path.endsWith(`.${ending}`));
    const raw = Buffer.from(made.contents);
    const name = `app-${digest(raw).slice(0, 8)}.${ending}`;
    html = html.replace(`"app.${ending}"`, `"${name}"`);
    assets.push({ path: `/${name}`, type: `${type}; charset=utf-8`, raw, immutable: true });
  }
  for (const { name, type } of PLAIN)
    assets.push({ path: `/${name}`, type, raw: readFileSync(join(WEB, name)), immutable: false });
  assets.unshift({
    path: "/index.html", type: "text/html; charset=utf-8", raw: Buffer.from(html), immutable: false,
  });
  const own = ["build.mjs", "index.html", "package-lock.json", ...PLAIN.map((p) => p.name)];
  return { assets, inputs: [...own, ...Object.keys(result.metafile.inputs)].sort() };
}

/** Gzip without a time and without the name of the system that made it. */
function gzip(raw) {
  const gz = gzipSync(raw, { level: 9 });
  gz.fill(0, 4, 8);
  gz[9] = 255;
  return gz;
}

const HEAD = `/* assets.c: the page, embedded. Made by web/build.mjs; do not edit.
 * SPDX-License-Identifier: MIT
 */
#include "server/assets.h"

__asm__(".pushsection .rodata\\n"
        ".globl web_assets_bin\\n"
        ".hidden web_assets_bin\\n"
        ".type web_assets_bin, %object\\n"
        ".size web_assets_bin, SIZE\\n"
        "web_assets_bin:\\n"
        ".incbin \\"assets.bin\\"\\n"
        ".popsection\\n");
extern const unsigned char web_assets_bin[];

const struct asset assets[] = {
`;

function entryOf(asset, rawAt, gz, gzAt) {
  const etag = digest(asset.raw).slice(0, 16);
  return `    {"${asset.path}", "${asset.type}",\n`
    + `     web_assets_bin + ${rawAt}, ${asset.raw.length},\n`
    + `     web_assets_bin + ${gzAt}, ${gz.length},\n`
    + `     "${etag}", ${asset.immutable}},\n`;
}

function embed(assets) {
  const chunks = [];
  let size = 0;
  const put = (bytes) => {
    const at = size;
    chunks.push(bytes);
    size += bytes.length;
    return at;
  };
  const entries = assets.map((asset) => {
    const gz = gzip(asset.raw);
    return entryOf(asset, put(asset.raw), gz, put(gz));
  });
  const tail = "};\nconst size_t assets_n = sizeof(assets) / sizeof(assets[0]);\n";
  return { bin: Buffer.concat(chunks), c: HEAD.replace("SIZE", size) + entries.join("") + tail };
}

async function main(out) {
  const { assets, inputs } = await bundle();
  const { bin, c } = embed(assets);
  const spaced = (path) => path.replaceAll(" ", "\\ ");
  const sources = inputs.map((path) => ` \\\n  ${spaced(resolve(WEB, path))}`);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "assets.bin"), bin);
  writeFileSync(join(out, "assets.c"), c);
  writeFileSync(join(out, "assets.d"), `${spaced(join(out, "assets.c"))}:${sources.join("")}\n`);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const out = process.argv[2];
  if (out === undefined) {
    console.error("usage: node build.mjs OUT");
    process.exit(2);
  }
  main(out).catch((error) => {
    console.error(`web: ${error.message}`);
    process.exit(1);
  });
}
