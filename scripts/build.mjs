// npm run build: tsc to dist/, then what tsc does not do. It never empties dist/ first: a run may be using it.
// npm calls it with --prepare after `npm ci`; then a missing compiler (npm ci --omit=dev) is no error.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const main = join(dist, 'cli', 'main.js');
/** What report.html takes into itself. */
const bundles = [join(dist, 'results', 'page', 'page.js'), join(dist, 'results', 'page', 'page.css')];
const isPrepare = process.argv.includes('--prepare');

const tsc = findTsc();
if (tsc === undefined) {
  console.error('ftcheck: typescript is not installed (npm ci installs it), dist/ was not built');
  process.exit(isPrepare ? 0 : 1);
}
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
removeOrphans(dist);
await bundlePage();
if (existsSync(main)) {
  chmodSync(main, 0o755);
  linkBin();
}
process.exitCode = status ?? 1;

function findTsc() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    return undefined;
  }
}

/** The browser's part: one script and one style sheet, each replaced at once, since a run may be reading it. */
async function bundlePage() {
  const { build } = await import('esbuild');
  const uplotLicense = readFileSync(join(root, 'node_modules', 'uplot', 'LICENSE'), 'utf8');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { page: 'results/page/main.ts' },
    tsconfig: 'results/page/tsconfig.json',
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'inline',
    // uPlot's own comment is not one that esbuild keeps; its licence asks to go with every copy.
    banner: { js: `/*! uPlot (https://github.com/leeoniya/uPlot)\n${uplotLicense}*/` },
    outdir: join(dist, 'results', 'page'),
    write: false,
  });
  mkdirSync(join(dist, 'results', 'page'), { recursive: true });
  for (const { path, contents } of outputFiles) {
    writeFileSync(`${path}.new`, contents);
    renameSync(`${path}.new`, path);
  }
}

/** Deletes what an earlier build made from a source that is gone. */
function removeOrphans(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const source = join(root, relative(dist, path));
    if (entry.isDirectory()) {
      if (existsSync(source)) removeOrphans(path);
      else rmSync(path, { recursive: true });
    } else if (!bundles.includes(path) && !existsSync(source.replace(/(\.d\.ts|\.js)$/, '.ts'))) rmSync(path);
  }
}

/** `npx ftcheck` in the clone itself: npm links the bins of dependencies only. */
function linkBin() {
  const bins = join(root, 'node_modules', '.bin');
  const link = join(bins, 'ftcheck');
  if (process.platform === 'win32' || !existsSync(join(root, 'node_modules'))) return;
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(bins, { recursive: true });
  symlinkSync(join('..', '..', 'dist', 'cli', 'main.js'), link);
}
