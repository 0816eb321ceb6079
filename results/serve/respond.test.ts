import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { respond, type Answer } from './respond.ts';

const hostile = `<img src=x onerror=alert(1)>"'&`;
let folder = '';
let outside = '';

const plan = (name: string): string =>
  JSON.stringify({
    format: 'ftcheck-plan-1',
    seed: 3,
    nemesis: 'kill',
    impl: { name },
    workload: { name: 'kv' },
  });
const verdict = (more: object): string =>
  JSON.stringify({
    format: 'ftcheck-verdict-1',
    verdict: 'valid',
    reason: 'all held',
    impl: 'passive',
    workload: 'kv',
    nemesis: 'kill:primary',
    seed: 7,
    latency: { p99Ms: 10 },
    throughput: { opsPerSecond: 1000 },
    properties: {
      linearizable: { verdict: 'valid' },
      failover: { verdict: 'valid', outages: [{ outageMs: 150 }, { outageMs: null }] },
    },
    environment: { date: '2026-11-21T10:00:00.000Z' },
    ...more,
  });

function store(name: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, name, 'nodes'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text);
}

beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), 'ftcheck-serve-'));
  folder = join(root, 'runs');
  outside = join(root, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'plan.json'), plan('secret'));
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  store('old', {
    'plan.json': plan('passive'),
    'verdict.json': verdict({}),
    'history.jsonl': '{}\n',
    'nodes/n1.0.log': 'log',
  });
  store('new', {
    'plan.json': plan('active'),
    'verdict.json': verdict({
      verdict: 'invalid',
      reason: hostile,
      impl: 'active',
      environment: { date: '2026-11-21T12:00:00.000Z' },
      latency: { p99Ms: 15 },
    }),
    'report.html': '<!doctype html><title>the stored report</title>',
  });
  store('going', { 'plan.json': plan('somersault') });
  utimesSync(join(folder, 'going', 'plan.json'), 1, 1);
  store('torn', { 'plan.json': plan('passive'), 'verdict.json': '{"format":' });
  utimesSync(join(folder, 'torn', 'plan.json'), 2, 2);
  store(hostile, { 'plan.json': plan(hostile) });
  utimesSync(join(folder, hostile, 'plan.json'), 3, 3);
  store('nothing', { 'notes.txt': 'no run' });
  symlinkSync('new', join(folder, 'latest'));
  symlinkSync(outside, join(folder, 'linked'));
  symlinkSync(join(outside, 'secret.txt'), join(folder, 'old', 'secret.txt'));
  symlinkSync(outside, join(folder, 'old', 'deep'));
  rmSync(join(folder, 'torn', 'nodes'), { recursive: true });
  symlinkSync(outside, join(folder, 'torn', 'nodes'));
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

const drawComparison = (first: string, second: string): string => {
  if (second.endsWith('going')) throw new Error('it has no <verdict>');
  return `${first} and ${second}`;
};
const ask = (target: string, more: { readonly method?: string; readonly host?: string } = {}): Answer =>
  respond(
    { method: 'GET', host: '127.0.0.1:80', target, ...more },
    { folder, hosts: ['127.0.0.1:80', 'localhost:80'], drawComparison },
  );
const text = (target: string): string => {
  const { body } = ask(target);
  return typeof body === 'string' ? body : '';
};
/** The runs that a list shows, in its order. */
const listed = (target: string): string[] =>
  [...text(target).matchAll(/name="run"\s+value="([^"]*)"/g)].map(([, name = '']) => name);
const hostileText = '&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;';

describe('the list', () => {
  test('has every run, newest first, and neither links nor what is no run', () => {
    expect(listed('/')).toEqual(['new', 'old', hostileText, 'torn', 'going']);
  });

  test('says what is unfinished and what is broken', () => {
    expect(listed('/?verdict=unfinished')).toEqual([hostileText, 'going']);
    expect(listed('/?verdict=broken')).toEqual(['torn']);
    expect(text('/?verdict=broken')).toContain('verdict.json cannot be read');
  });

  test('is cut down by verdict, impl and nemesis, without scripts', () => {
    expect(listed('/?verdict=invalid')).toEqual(['new']);
    expect(listed('/?impl=passive')).toEqual(['old', 'torn']);
    expect(listed('/?impl=passive&nemesis=kill%3Aprimary&verdict=')).toEqual(['old']);
    expect(listed('/?impl=nobody')).toEqual([]);
    expect(text('/?impl=passive')).toMatch(/<option\s+value="passive"\s+selected/);
  });

  test('has whatever a run says as text, and no script', () => {
    const page = text('/');
    expect(page).toContain(hostileText);
    expect(page).not.toMatch(/<img|<script/);
    expect(text(`/?impl=${encodeURIComponent(hostile)}`)).not.toMatch(/<img|<script/);
  });

  test('of a folder that is not there is empty', () => {
    const { status } = respond(
      { method: 'GET', host: 'h', target: '/' },
      { folder: join(folder, 'none'), hosts: ['h'], drawComparison },
    );
    expect(status).toBe(200);
  });
});

describe('a run', () => {
  test('shows its files as downloads', () => {
    expect(text('/run/old')).toContain('href="/run/old/files/nodes/n1.0.log"');
    expect(text('/run/old')).not.toContain('secret');
    const { status, body, headers } = ask('/run/old/files/history.jsonl');
    expect({ status, body }).toEqual({ status: 200, body: { file: join(folder, 'old', 'history.jsonl') } });
    expect(headers['content-disposition']).toBe("attachment; filename*=UTF-8''history.jsonl");
  });

  test('with a name that is markup can be opened, and stays text', () => {
    const page = text(`/run/${encodeURIComponent(hostile)}`);
    expect(page).toContain(hostileText);
    expect(page).not.toMatch(/<img|<script/);
  });

  test('shows its report in a sandbox', () => {
    const { body, headers } = ask('/run/new/report');
    expect(body).toContain('the stored report');
    expect(headers['content-security-policy']).toMatch(/sandbox allow-scripts/);
    expect(headers['content-security-policy']).not.toContain('allow-same-origin');
  });

  test('whose report cannot be made says so', () => {
    const { status, body } = ask('/run/torn/report');
    expect(status).toBe(500);
    expect(body).toContain('cannot be made');
  });
});

describe('nothing outside the folder is ever read', () => {
  test.each([
    '/run/..',
    '/run/../outside/files/secret.txt',
    '/run/%2e%2e%2foutside/files/secret.txt',
    '/run/..%2foutside',
    '/run/linked',
    '/run/linked/files/secret.txt',
    '/run/latest',
    '/run/old/files/secret.txt',
    '/run/old/files/deep/secret.txt',
    '/run/torn/files/nodes/secret.txt',
    '/run/old/files/../../../outside/secret.txt',
    '/run/old/files/%2e%2e/%2e%2e/outside/secret.txt',
    '/run/old/files/..%5c..%5coutside',
    '/run/old/files//etc/passwd',
    '/run/old/files/nodes',
    '/run/old/files/',
    '/run/old/files/history.jsonl%00.txt',
    '/run/nothing/files/notes.txt',
    '/run/%zz',
    '/run/old/elsewhere',
    '/compare?run=old&run=linked',
    '//127.0.0.1/',
    'http://127.0.0.1/run/old',
  ])('%s', (target) => {
    const { status, body } = ask(target);
    expect(status).toBe(404);
    expect(JSON.stringify(body)).not.toContain('"secret"');
  });
});

describe('who may ask, and how', () => {
  test.each([
    'evil.example',
    'evil.example:80',
    '',
    '127.0.0.1',
    '127.0.0.1:81',
    '127.0.0.1:80.evil.example',
  ])('the host %j is refused', (host) => expect(ask('/', { host }).status).toBe(403));

  test('the own host by either name is not', () => {
    expect(ask('/', { host: 'LOCALHOST:80' }).status).toBe(200);
    expect(ask('/', { method: 'HEAD' }).status).toBe(200);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'get', ''])('%s is refused', (method) => {
    const { status, headers } = ask('/', { method });
    expect({ status, allow: headers['allow'] }).toEqual({ status: 405, allow: 'GET, HEAD' });
  });

  test('every answer forbids scripts of its own, sniffing and framing', () => {
    for (const target of [
      '/',
      '/run/old',
      '/run/none',
      '/compare',
      '/style.css',
      '/run/old/files/plan.json',
    ]) {
      expect(ask(target).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringMatching(
          /^default-src 'none';(?!.*script-src).*frame-ancestors 'none'/,
        ),
      });
    }
  });
});

describe('two runs side by side', () => {
  test('have their figures in one row, with the difference', () => {
    const page = text('/compare?run=old&run=new').replaceAll(/\s+/g, ' ').replaceAll(/> </g, '><');
    expect(page).toContain('<th scope="row">p99</th><td>10 ms</td><td>15 ms</td><td>+50 %</td>');
    expect(page).toContain('<th scope="row">verdict</th><td>valid</td><td>invalid</td><td></td>');
    expect(page).toContain('<th scope="row">without an end</th><td>1</td><td>1</td>');
  });

  test('an unfinished one has dashes', () => {
    expect(text('/compare?run=old&run=going').replaceAll(/\s+/g, ' ')).toContain('<td>10 ms</td> <td>-</td>');
  });

  test('are drawn on a page that may have a style and no script, or it is said why not', () => {
    expect(text('/compare?run=old&run=new')).toContain('/compare/plots?run=old&amp;run=new');
    const { status, body, headers } = ask('/compare/plots?run=old&run=new');
    expect({ status, body }).toEqual({
      status: 200,
      body: `${join(folder, 'old')} and ${join(folder, 'new')}`,
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline';(?!.*script)/,
    );
    const refused = ask('/compare/plots?run=old&run=going');
    expect(refused.status).toBe(500);
    expect(refused.body).toContain('it has no &lt;verdict&gt;');
    expect(ask('/compare/plots?run=old&run=linked').status).toBe(404);
  });

  test.each(['/compare', '/compare/plots?run=old', '/compare?run=old', '/compare?run=old&run=new&run=going'])(
    '%s asks for two',
    (target) => {
      expect(ask(target).status).toBe(400);
      expect(text(target)).toContain('Check two runs');
    },
  );
});

test('nothing in the folder is changed', () => {
  const stamps = (): unknown =>
    readdirSync(folder, { recursive: true })
      .map(String)
      .map((path) => [path, lstatSync(join(folder, path)).mtimeMs]);
  const before = stamps();
  for (const target of ['/', '/run/old', '/run/old/report', '/compare?run=old&run=new']) ask(target);
  expect(stamps()).toEqual(before);
});
