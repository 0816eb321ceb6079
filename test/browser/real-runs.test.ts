/** Reports of runs of real processes: one that is valid, one with a seeded bug, one that cannot be judged. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { judged, onlyRun } from '../command-line.ts';
import { makeFolder } from '../processes.ts';
import { launchChromium, openReport } from './chromium.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

test.each([
  { verdict: 'valid', flags: ['--impl=somersault', '--nemesis=kill', '--duration=4s'] },
  {
    verdict: 'invalid',
    flags: ['--impl=mutants/passive/no-fencing', '--nemesis=partition:isolate-primary,hold'],
  },
  { verdict: 'unknown', flags: ['--impl=active', '--nemesis=kill:majority', '--duration=3s'] },
])('a run that is $verdict', async ({ verdict, flags }) => {
  using folder = makeFolder();
  const run = await judged(folder.path, ...flags, '--seed=1');
  expect(run.verdict).toMatchObject({ verdict });
  await using opened = await openReport(browser, join(onlyRun(folder.path), 'report.html'));
  const { page, complaints, requests } = opened;
  expect(await page.locator('h1').innerText()).toMatch(new RegExp(verdict, 'i'));
  const count = new Intl.NumberFormat('en').format(run.verdict.operations.invoked);
  expect(await page.locator('.filter-count').innerText()).toBe(`all ${count} operations`);
  const faults = run.verdict.faults.length;
  const clients = await page.locator('.filters select').nth(3).locator('option').count();
  expect(clients).toBe(1 + 5 + 3); // all, five clients, one pinned to each node
  expect(await page.locator('.toolbar option', { hasText: /^f\d/ }).count()).toBe(faults);
  const example = page.getByRole('button', { name: 'Show the counterexample in all views' });
  expect(await example.count()).toBe(verdict === 'invalid' ? 1 : 0);
  if (verdict === 'invalid') {
    await example.click();
    expect(await page.locator('.view-history .legend').innerText()).toContain('counterexample');
  }
  expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
});
