import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { UsageError } from '../core/errors.ts';
import { operationsIn } from './history/operation-table.ts';
import { readHistory } from './worker-read.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ftcheck-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const read = (bytes: string | Uint8Array) => {
  const path = join(folder, 'history');
  writeFileSync(path, bytes);
  return readHistory({ path, file: 'history', format: 'auto' });
};

const edn = `[{:process 0, :type :invoke, :f :write, :value 1}
 {:process 1, :type :invoke, :f :read, :value nil}
 {:process 0, :type :ok, :f :write, :value 1}
 {:process 1, :type :info, :f :read, :value nil}
 {:process 2, :type :invoke, :f :cas, :value [1 2]}
 {:process 2, :type :fail, :f :cas, :value [1 2]}]
`;

test('a file becomes a table, packed or not', async () => {
  const plain = await read(edn);
  expect(plain).toMatchObject({ format: 'edn', events: 6, succeeded: 1, assumptions: { verdict: 'valid' } });
  expect(operationsIn(plain.table)).toEqual([
    { f: 'write', key: null, value: 1, result: null, called: 0, returned: 2 },
    { f: 'read', key: null, value: null, result: undefined, called: 1, returned: Infinity },
  ]);
  expect(operationsIn((await read(gzipSync(edn))).table)).toEqual(operationsIn(plain.table));
  // gzip files may be put behind each other
  const members = Buffer.concat([gzipSync(edn.slice(0, 100)), gzipSync(edn.slice(100))]);
  expect(operationsIn((await read(members)).table)).toEqual(operationsIn(plain.table));
});

test.each(['', '\n'])('an empty file has no format', async (text) => {
  expect(await read(text)).toMatchObject({ format: null, events: 0, succeeded: 0 });
  expect(await read(gzipSync(text))).toMatchObject({ format: null, events: 0 });
});

test('what cannot be read is an error that names the file', async () => {
  const damaged = gzipSync(edn.repeat(50));
  await expect(read(damaged.subarray(0, 40))).rejects.toThrow('history: its gzip data are damaged');
  damaged[20]! ^= 0xff;
  await expect(read(damaged)).rejects.toThrow(UsageError);
  await expect(readHistory({ path: folder, file: 'folder', format: 'auto' })).rejects.toThrow(
    'folder: cannot read it',
  );
  await expect(read(gzipSync('[{:process}]'))).rejects.toThrow(
    'history:1:2: a map with a key that has no value',
  );
});

test('of a history that is not well-formed no more is kept than what came before', async () => {
  const { assumptions, table, events } = await read(
    edn.replace(':process 2, :type :fail', ':process 3, :type :fail'),
  );
  expect(assumptions).toMatchObject({
    verdict: 'unknown',
    reason: expect.stringContaining('event 5: process 3 completes what it never invoked') as string,
  });
  expect([table.count, events]).toEqual([3, 6]);
});

test('a torn last line is told', async () => {
  const line = '{"index":0,"time":0,"process":0,"type":"invoke","f":"read","key":null,"value":null}\n';
  const { assumptions } = await read(line + line.slice(0, 20));
  expect(assumptions.reason).toContain('history:2: the last line is torn');
});
