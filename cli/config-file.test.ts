import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { parseConfigFile, readConfigFile } from './config-file.ts';
import { registry } from './registry.ts';
import { runSettings } from './run-settings.ts';

const specs = runSettings(registry);
const parse = (source: string) => parseConfigFile(source, 'ftcheck.yaml', specs);

test('holds what the flags hold', async () => {
  const settings = await parse(
    [
      '# my run',
      'impl: passive',
      'acks: all',
      'nemesis: partition:isolate-primary,hold',
      'nodes: 5',
      'duration: 10s',
      'timing: fast',
      'service-time: 0.5ms',
      'quiet: true',
      'slo:',
      '  - outage.max<1s',
      '  - throughput>100',
    ].join('\n'),
  );
  expect(settings.get('nodes')).toEqual({ texts: ['5'], place: 'ftcheck.yaml:5:8', from: 'file' });
  expect(settings.get('nemesis')?.texts).toEqual(['partition:isolate-primary,hold']);
  expect(settings.get('slo')).toEqual({
    texts: ['outage.max<1s', 'throughput>100'],
    place: 'ftcheck.yaml:11:3',
    from: 'file',
  });
  expect(settings.get('timing')?.texts).toEqual(['fast']);
  expect(settings.get('service-time')?.texts).toEqual(['0.5ms']);
  expect(settings.get('quiet')?.texts).toEqual(['true']);
});

test('one slo need not be a list', async () => {
  expect((await parse('slo: p99<5ms')).get('slo')?.texts).toEqual(['p99<5ms']);
});

test('an empty file says nothing', async () => {
  expect((await parse('')).size).toBe(0);
  expect((await parse('# nothing\n')).size).toBe(0);
});

test.each([
  ['impl: active\nnods: 3\n', 'ftcheck.yaml:2:1', 'did you mean nodes?'],
  ['impl: active\nbanana: 3\n', 'ftcheck.yaml:2:1', 'there are impl, workload, nemesis'],
  ['impl: [active]\n', 'ftcheck.yaml:1:7', 'must be one value'],
  ['impl: {name: active}\n', 'ftcheck.yaml:1:7', 'must be one value'],
  ['impl:\n', 'ftcheck.yaml:1:6', 'must be one value'],
  ['json: maybe\n', 'ftcheck.yaml:1:7', 'must be true or false'],
  ['slo:\n  - {a: 1}\n', 'ftcheck.yaml:2:3', 'must be a value or a list'],
  ['- impl\n', 'ftcheck.yaml:1:1', 'must be a map'],
  ['just text\n', 'ftcheck.yaml:1:1', 'must be a map'],
  ['impl: active\n  nodes: 3\n', 'ftcheck.yaml:', 'Nested mappings'],
  ['impl: "active\n', 'ftcheck.yaml:', 'quote'],
  ['impl: active\nimpl: passive\n', 'ftcheck.yaml:2:1', 'unique'],
  ['impl: *nowhere\n', 'ftcheck.yaml:1:7', 'there is no anchor &nowhere'],
])('refuses %j with its place', async (source, place, why) => {
  const error: unknown = await parse(source).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  const { message } = error as UsageError;
  expect(message).toContain(place);
  expect(message).toContain(why);
  expect(message).not.toContain('\n');
});

test('a missing default file is no error, a missing named one is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ftcheck-'));
  try {
    expect((await readConfigFile(undefined, folder, specs)).size).toBe(0);
    await expect(readConfigFile('other.yaml', folder, specs)).rejects.toThrow('there is no file other.yaml');
    writeFileSync(join(folder, 'ftcheck.yaml'), 'nodes: 7');
    expect((await readConfigFile(undefined, folder, specs)).get('nodes')?.texts).toEqual(['7']);
    await expect(readConfigFile('.', folder, specs)).rejects.toMatchObject({ exitCode: 254 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
