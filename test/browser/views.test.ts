/** What report.html shows of a run that never was, and how it answers pointer and keys. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { readFileSync, writeFileSync } from 'node:fs';
import { makeFolder } from '../processes.ts';
import { launchChromium, openReport } from './chromium.ts';
import { writeSynthetic } from './report-files.ts';

const folder = makeFolder();
let browser: Browser;
let invalid: string;
beforeAll(async () => {
  browser = await launchChromium();
  invalid = await writeSynthetic(folder.path, { count: 6000, seed: 1, verdict: 'invalid' });
});
afterAll(async () => {
  await browser?.close();
  folder[Symbol.dispose]();
});

const range = (page: Page): Promise<string> => page.locator('.axis-strip .readout').innerText();
/** The run of 10 s is shown from 0 to its end. */
const whole = 'the whole run, 0.0 s to 10.0 s';
const views = ['latency', 'throughput', 'faults', 'phases', 'nodes', 'history'];

/** A number that changes with any pixel of the view. */
const picture = (page: Page, view: string): Promise<string> =>
  page.evaluate<string>(`document.querySelector('.view-${view} canvas').toDataURL()`);
const pictures = (page: Page): Promise<string[]> => Promise.all(views.map((view) => picture(page, view)));

const settled = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

test('every view is there, drawn, and named; nothing is asked of a network', async () => {
  await using opened = await openReport(browser, invalid);
  const { page, complaints, requests } = opened;
  expect(await page.locator('h1').innerText()).toMatch(/invalid/i);
  expect(await page.locator('#counterexample').isVisible()).toBe(true);
  expect(await page.locator('.view h3').allInnerTexts()).toEqual([
    'Latency of every operation',
    'Throughput',
    'Faults',
    'How the service came back',
    'Roles and views of each node',
    'History by client',
    'Share of operations that took no longer',
  ]);
  for (const view of [...views, 'cdf']) {
    const colours = await page.evaluate<number>(`(() => {
      const canvas = document.querySelector('.view-${view} canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    })()`);
    expect({ view, hasColours: colours > 5 }).toEqual({ view, hasColours: true });
  }
  expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
});

test('a drag in one view zooms all of them; 0 shows the whole run again', async () => {
  await using opened = await openReport(browser, invalid);
  const { page, complaints } = opened;
  const before = await pictures(page);
  expect(await range(page)).toBe(whole);
  const plot = page.locator('.view-throughput .plot');
  await plot.scrollIntoViewIfNeeded();
  const box = (await plot.boundingBox())!;
  await page.mouse.move(box.x + 400, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 700, box.y + 60, { steps: 4 });
  expect(await page.locator('.drag-box').isVisible()).toBe(true);
  await page.mouse.up();
  await page.mouse.move(box.x + 10, box.y + 5);
  await settled(page);
  expect(await page.locator('.drag-box').isVisible()).toBe(false);
  const [, from = 0, to = 0] = (/^([\d.]+) s to ([\d.]+) s$/.exec(await range(page)) ?? []).map(Number);
  expect(to - from).toBeGreaterThan(2);
  expect(to - from).toBeLessThan(3.5);
  const after = await pictures(page);
  for (const [index, view] of views.entries()) {
    expect({ view, isNew: after[index] !== before[index] }).toEqual({ view, isNew: true });
  }
  await page.locator('.stack').focus();
  await page.keyboard.press('0');
  await settled(page);
  expect(await range(page)).toBe(whole);
  expect(await pictures(page)).toEqual(before);
  expect(complaints).toEqual([]);
});

test('the wheel zooms with ctrl or shift only, and scrolls the page else', async () => {
  await using opened = await openReport(browser, invalid);
  const { page } = opened;
  await page.locator('.view-latency .plot').hover({ position: { x: 600, y: 100 } });
  await page.mouse.wheel(0, 100);
  expect(await page.locator('.toolbar select').inputValue()).toBe('0');
  for (const key of ['Control', 'Shift']) {
    await page.keyboard.down(key);
    await page.mouse.wheel(0, -120);
    await page.keyboard.up(key);
    await page.waitForFunction(`document.querySelector('.toolbar select').value === 'elsewhere'`);
    await page.getByRole('button', { name: 'Show the whole run (0)' }).click();
    expect(await page.locator('.toolbar select').inputValue()).toBe('0');
    await page.locator('.view-latency .plot').hover({ position: { x: 600, y: 100 } });
  }
});

test('keys zoom, move and choose operations, whose words are spoken', async () => {
  await using opened = await openReport(browser, invalid);
  const { page } = opened;
  await page.locator('.stack').focus();
  const seen = new Set([await range(page)]);
  for (const key of ['+', '+', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', '-', 'Home', 'End']) {
    await page.keyboard.press(key);
    await settled(page);
    seen.add(await range(page));
  }
  expect(seen.size).toBe(8); // there and back again is where it was
  await page.keyboard.press('n');
  await settled(page);
  expect(await page.locator('.tooltip').innerText()).toMatch(
    /^c1: (read|write|cas) k\d.*\n.*\ninvoked [\d.]+ s/,
  );
  const first = await page.locator('.spoken').innerText();
  await page.keyboard.press('n');
  await settled(page);
  const second = await page.locator('.spoken').innerText();
  expect(second).not.toBe(first);
  await page.keyboard.press('p');
  await settled(page);
  expect(await page.locator('.spoken').innerText()).toBe(first);
  await page.keyboard.press('ArrowDown');
  await settled(page);
  expect(await page.locator('.tooltip').innerText()).toMatch(/^c2: /);
  await page.keyboard.press('Escape');
  expect(await page.locator('.tooltip').isVisible()).toBe(false);
});

test('one cursor runs through all views and tells what went on there', async () => {
  await using opened = await openReport(browser, invalid);
  const { page } = opened;
  const plot = page.locator('.view-faults .plot');
  await plot.scrollIntoViewIfNeeded();
  const { x, width } = (await plot.boundingBox())!;
  // f1 is in force from 3 s to 3.8 s of 10 s; labels take 84 pixels, the right edge 16.
  await plot.hover({ position: { x: 84 + (width - 100) * 0.34, y: 30 } });
  expect(await range(page)).toMatch(/^3\.4\d* s · faults · f1 kill in force · n2 primary, n3 backup$/);
  const line = (await page.locator('.cursor-line').boundingBox())!;
  expect(Math.abs(line.x - (x + 84 + (width - 100) * 0.34))).toBeLessThan(2);
  expect(line.height).toBeGreaterThan(800);
  expect(await page.locator('.tooltip').innerText()).toMatch(/^f1: kill on n1\nclass crash\n/);
});

test('the counterexample is one button away, and its operations tell themselves under the pointer', async () => {
  await using opened = await openReport(browser, invalid);
  const { page } = opened;
  await page.getByRole('button', { name: 'Show the counterexample in all views' }).click();
  await settled(page);
  expect(await range(page)).toMatch(/^3\.9|^4\.0/);
  expect(await page.locator('.view-history .legend').innerText()).toContain('counterexample');
  const plot = page.locator('.view-history .plot');
  const { width } = (await plot.boundingBox())!;
  const words: string[] = [];
  for (let x = 90; x < width; x += 40) {
    for (let lane = 0; lane < 8; lane++) {
      await plot.hover({ position: { x, y: 12 + lane * 24 } });
      if (await page.locator('.tooltip').isVisible()) words.push(await page.locator('.tooltip').innerText());
    }
    if (words.length > 0) break;
  }
  expect(words[0]).toMatch(/^c\d: (read|write|cas) k\d/);
  await page.getByRole('button', { name: 'Show the whole run (0)' }).click();
  await page.getByRole('button', { name: 'Show it in the timeline' }).click();
  await settled(page);
  expect(await range(page)).toMatch(/^3\.9|^4\.0/);
});

test('a filter holds for latency, throughput and history, and says how many pass', async () => {
  await using opened = await openReport(browser, invalid);
  const { page } = opened;
  const before = await pictures(page);
  await page.getByLabel('Kind').selectOption({ label: 'write' });
  await settled(page);
  expect(await page.locator('.filter-count').innerText()).toMatch(/^[12],\d{3} of 6,000 operations$/);
  const after = await pictures(page);
  const changed = views.filter((_, index) => after[index] !== before[index]);
  expect(changed).toEqual(['latency', 'throughput', 'history']);
  await page.getByLabel('Outcome').selectOption({ label: 'fail' });
  expect(await page.locator('.filter-count').innerText()).toMatch(/^\d of 6,000 operations$/);
});

test('the distribution is of the fault that one chooses', async () => {
  await using opened = await openReport(browser, invalid);
  const { page } = opened;
  const words = page.locator('.cdf-readout');
  const first = await words.innerText();
  expect(first).toMatch(/^whole run: p50 .* · before: p50 .* · during: p50 .* · after: p50 /);
  await page.locator('.view-cdf select').selectOption('f2');
  expect(await words.innerText()).not.toBe(first);
  await page.locator('.view-cdf .u-over').hover({ position: { x: 400, y: 100 } });
  expect(await words.innerText()).toMatch(/^within .*: whole run [\d.]+ %, before [\d.]+ %, during/);
});

test('dark and light: as the system says, until the button says otherwise', async () => {
  for (const colorScheme of ['dark', 'light'] as const) {
    await using opened = await openReport(browser, invalid, { colorScheme });
    const { page } = opened;
    const paper = (): Promise<string> =>
      page.evaluate<string>(`getComputedStyle(document.documentElement).backgroundColor`);
    const first = await paper();
    const before = await picture(page, 'latency');
    await page.getByRole('button', { name: /^Switch to/ }).click();
    expect(await page.locator('html').getAttribute('data-theme')).toBe(
      colorScheme === 'dark' ? 'light' : 'dark',
    );
    expect(await paper()).not.toBe(first);
    expect(await picture(page, 'latency')).not.toBe(before);
  }
});

test.each([360, 800, 1600])('%d pixels wide: nothing runs out of the page', async (width) => {
  await using opened = await openReport(browser, invalid, { viewport: { width, height: 800 } });
  const { page } = opened;
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  await page.setViewportSize({ width: width + 100, height: 800 });
  await settled(page);
  const plot = (await page.locator('.view-history canvas').boundingBox())!;
  const place = (await page.locator('#timeline').boundingBox())!;
  expect(Math.abs(plot.width - place.width)).toBeLessThan(1.5);
});

test('without scripts, and where the script fails, the static page stays', async () => {
  {
    await using opened = await openReport(browser, invalid, { javaScriptEnabled: false });
    expect(await opened.page.locator('#timeline svg').isVisible()).toBe(true);
  }
  const broken = invalid.replace('.html', '-broken.html');
  writeFileSync(broken, readFileSync(invalid, 'utf8').replace(/(id="columns">\s*)H4s/, '$1AAAA'));
  await using opened = await openReport(browser, broken);
  expect(await opened.page.locator('.script-note').innerText()).toMatch(
    /^The interactive views do not work here \(.+\); what follows is the static page\.$/,
  );
  expect(await opened.page.locator('#timeline svg').isVisible()).toBe(true);
});

test('on paper: light, whole, without controls', async () => {
  await using opened = await openReport(browser, invalid, { colorScheme: 'dark' });
  const { page, complaints } = opened;
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.length).toBeGreaterThan(50_000);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.toolbar').isVisible()).toBe(false);
  expect(complaints).toEqual([]);
});

test('a run in which nothing happened has a page, too', async () => {
  const path = await writeSynthetic(folder.path, { count: 0, seed: 1, verdict: 'unknown' });
  await using opened = await openReport(browser, path);
  const { page, complaints } = opened;
  expect(await page.locator('.filter-count').innerText()).toBe('all 0 operations');
  expect(await page.locator('#cdf').innerText()).toContain('nothing to draw');
  await page.locator('.stack').focus();
  for (const key of ['+', 'n', 'ArrowDown', '0']) await page.keyboard.press(key);
  expect(complaints).toEqual([]);
});
