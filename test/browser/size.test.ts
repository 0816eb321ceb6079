/** Reports of a hundred thousand operations and of a million. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { makeFolder } from '../processes.ts';
import { drawnMs, launchChromium, openReport } from './chromium.ts';
import { writeSynthetic } from './report-files.ts';

const folder = makeFolder();
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  folder[Symbol.dispose]();
});

test.each([
  { count: 100_000, megabytesMax: 10, readyMsMax: 2000 },
  { count: 1_000_000, megabytesMax: 40, readyMsMax: 10_000 },
])('$count operations', async ({ count, megabytesMax, readyMsMax }) => {
  const path = await writeSynthetic(folder.path, { count, seed: 1, verdict: 'valid' });
  const megabytes = statSync(path).size / 1e6;
  await using opened = await openReport(browser, path);
  const { page, readyMs, complaints, requests } = opened;
  await page.locator('.stack').focus();
  for (const key of ['+', '+', 'ArrowRight', '-', '0', '+', '+', '+', '+', '0']) {
    await page.keyboard.press(key);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  }
  const zooms = (await drawnMs(page)).slice(1).sort((a, b) => a - b);
  const zoomMs = zooms[Math.floor(zooms.length / 2)]!;
  console.log(
    `${count} operations: ${megabytes.toFixed(1)} MB, ready after ${Math.round(readyMs)} ms, zoom ${Math.round(zoomMs)} ms, at most ${Math.round(zooms.at(-1)!)} ms`,
  );
  expect(zooms).toHaveLength(10);
  expect(megabytes).toBeLessThan(megabytesMax);
  expect(readyMs).toBeLessThan(readyMsMax);
  expect(zoomMs).toBeLessThan(200);
  expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
});
