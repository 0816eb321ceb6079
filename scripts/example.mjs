// npm run example: packs ftcheck as it would be published, installs it into a copy of each example project, and runs their tests.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = join(root, 'examples');
const folder = mkdtempSync(join(tmpdir(), 'ftcheck-example-'));

/** Runs npm to its end; throws where it fails. */
function npm(cwd, ...args) {
  const { status } = spawnSync('npm', args, { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: exit ${status}`);
}

try {
  npm(root, 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder);
  const [packed] = readdirSync(folder);
  for (const name of readdirSync(examples)) {
    const project = join(folder, name);
    cpSync(join(examples, name), project, {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
    npm(project, 'install', '--no-audit', '--no-fund', '--no-package-lock', join(folder, packed));
    npm(project, 'test');
  }
} finally {
  rmSync(folder, { recursive: true });
}
