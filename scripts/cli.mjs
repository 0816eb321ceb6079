// Runs the built command line, as a user would, and hands back what it said. Shared by the scripts beside it.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
if (!existsSync(main)) {
  console.error('dist/ is not built: npm run build');
  process.exit(1);
}

/** `ftcheck ARGUMENTS`: its exit code and its two outputs. */
export function ftcheck(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** One run and its verdict.json. A run without one is the harness's failure, told with what it printed. */
export async function run(args) {
  const { code, stdout, stderr } = await ftcheck(['run', '--json', '--quiet', ...args]);
  try {
    return { code, verdict: JSON.parse(stdout) };
  } catch {
    return {
      code,
      verdict: {
        verdict: 'error',
        reason: `exit ${code}: ${stderr.trim() || stdout.slice(0, 500)}`,
        properties: {},
      },
    };
  }
}

/** The value of `--name=value` among this script's arguments. */
export function argument(name, fallback) {
  const given = process.argv.slice(2).find((arg) => arg.startsWith(`--${name}=`));
  return given === undefined ? fallback : given.slice(name.length + 3);
}

/** Processes of ftcheck's own whose parent is gone: what a run has left behind. Linux only; elsewhere none are found. */
export function orphans() {
  if (!existsSync('/proc')) return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      const isOurs = /dist\/(impls\/node|harness|checker)\/\S*main\.js/.test(
        readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
      );
      return isOurs && /^PPid:\s+1$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false; // gone meanwhile
    }
  });
}
