import { expect, test } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ftcheck } from './command-line.ts';
import { distPath, makeFolder, start, until } from './processes.ts';

interface Got {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** An HTTP request as it is given: nothing normalises its path, and its Host may be anybody's. */
const get = (
  url: string,
  path: string,
  more: { readonly method?: string; readonly host?: string } = {},
): Promise<Got> =>
  new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(url);
    const asked = request(
      { hostname, port, path, method: more.method ?? 'GET', headers: { host: more.host ?? host } },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      },
    );
    asked.on('error', reject);
    asked.end();
  });

/** A folder with one run, whose history is longer than a pipe holds. */
function folderWithRun(): ReturnType<typeof makeFolder> & { readonly history: string } {
  const folder = makeFolder();
  const history = '{"index":0}\n'.repeat(50_000);
  const run = join(folder.path, 'first');
  mkdirSync(run);
  writeFileSync(
    join(run, 'plan.json'),
    JSON.stringify({ format: 'ftcheck-plan-1', impl: { name: 'active' } }),
  );
  writeFileSync(join(run, 'history.jsonl'), history);
  return { ...folder, history, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

async function serving(folder: string, ...flags: readonly string[]) {
  const started = start([distPath('cli/main.js'), 'serve', `--runs=${folder}`, ...flags]);
  await until(() => started.stdout.endsWith('/\n') || started.stderr.includes('ftcheck: '));
  return Object.assign(started, { url: started.stdout.trim() });
}

test('lists and sends what is stored, to nobody but this host, until Ctrl-C ends it and every connection', async () => {
  using folder = folderWithRun();
  using server = await serving(folder.path);
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect((await get(server.url, '/')).body).toContain('unfinished');

  const file = await get(server.url, '/run/first/files/history.jsonl');
  expect(file.status).toBe(200);
  expect(file.body === folder.history).toBe(true);
  const head = await get(server.url, '/run/first/files/history.jsonl', { method: 'HEAD' });
  expect(head).toMatchObject({
    status: 200,
    body: '',
    headers: { 'content-length': String(folder.history.length) },
  });

  expect((await get(server.url, '/run/../first/files/plan.json')).status).toBe(404);
  expect((await get(server.url, '/', { method: 'DELETE' })).status).toBe(405);
  expect((await get(server.url, '/', { host: 'rebound.example' })).status).toBe(403);

  // A connection that asks for nothing does not keep it alive.
  const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
  idle.on('error', () => {});
  const closed = new Promise<void>((resolve) => idle.once('close', () => resolve()));
  await new Promise<void>((resolve) => idle.once('connect', () => resolve()));
  server.child.kill('SIGINT');
  expect(await server.ended).toBe(0);
  await closed;
});

test('a port in use, and a folder that is not there, are usage errors in one line', async () => {
  using folder = folderWithRun();
  const other = createServer().listen(0, '127.0.0.1');
  try {
    await new Promise<void>((resolve) => other.once('listening', () => resolve()));
    const { port } = other.address() as AddressInfo;
    const said = await ftcheck('serve', `--runs=${folder.path}`, `--port=${port}`);
    expect(said).toMatchObject({ code: 254, stdout: '' });
    expect(said.stderr).toBe(
      `ftcheck: --port ${port}: another program listens there; leave it out for any free port\n`,
    );
  } finally {
    other.close();
  }
  const none = await ftcheck('serve', `--runs=${join(folder.path, 'none')}`);
  expect(none).toMatchObject({
    code: 254,
    stderr: `ftcheck: --runs: ${join(folder.path, 'none')} is no folder\n`,
  });
});
