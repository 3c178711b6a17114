// Writes a .br and a .gz beside each compressible file of a build, so that the server hands out bytes and never
// spends a core on compression. A variant that saves nothing is left out; the server then sends the file itself.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const root = process.argv[2] ?? "dist";
const compressible = /\.(html|js|css|svg|json|txt|map|webmanifest)$/;
const variants = [
  ["br", (data) => promisify(brotliCompress)(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })],
  ["gz", (data) => promisify(gzip)(data, { level: 9 })],
];

const entries = await readdir(root, { recursive: true, withFileTypes: true });
for (const entry of entries) {
  if (!entry.isFile() || !compressible.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const data = await readFile(file);
  const sizes = [];
  for (const [suffix, compress] of variants) {
    const packed = await compress(data);
    if (packed.length >= data.length) continue;
    await writeFile(`${file}.${suffix}`, packed);
    sizes.push(`${suffix} ${packed.length}`);
  }
  console.log(`${file}  ${data.length}  ${sizes.join("  ")}`);
}
