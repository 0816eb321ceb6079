import { expect, test } from '@jest/globals';
import { parseUsage, usageOf } from './resource-usage.ts';

const stat = (name: string, utime: number, stime: number): string =>
  `4711 (${name}) S 1 4711 4711 0 -1 4194304 9000 0 12 0 ${utime} ${stime} 0 0 20 0 11 0 123456 1200000000 15000 1844674407370955`;
const status = 'Name:\tnode\nVmPeak:\t  900000 kB\nVmHWM:\t   61440 kB\nVmRSS:\t   51200 kB\nThreads:\t11\n';

test('processor time is that of user and system together, memory that of now and the most ever', () => {
  expect(parseUsage(stat('node', 120, 30), status)).toEqual({
    cpuMs: 1500,
    rssBytes: 50 * 1024 * 1024,
    rssMaxBytes: 60 * 1024 * 1024,
  });
});

test('a program may have any name', () => {
  expect(parseUsage(stat('a) S 1 (b', 7, 1), status)?.cpuMs).toBe(80);
});

test('a zombie has no memory, and so no usage', () => {
  expect(parseUsage(stat('node', 120, 30), 'Name:\tnode\nState:\tZ (zombie)\n')).toBeNull();
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('of this process, close to what it says of itself', () => {
  const usage = usageOf(process.pid);
  const own = process.cpuUsage();
  const ownMs = (own.user + own.system) / 1000;
  expect(usage?.cpuMs).toBeGreaterThan(ownMs - 200);
  expect(usage?.cpuMs).toBeLessThan(ownMs + 50);
  expect(usage?.rssBytes).toBeGreaterThan(10 * 1024 * 1024);
  expect(usage?.rssMaxBytes).toBeGreaterThanOrEqual(usage?.rssBytes ?? Infinity);
});

test('a process that is not there has none', () => {
  expect(usageOf(2 ** 22 + 1)).toBeNull();
});
