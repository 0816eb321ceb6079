/** Real Chromium for tests of report.html. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

/** From the environment's CHROMIUM, else the first on PATH. A test without it fails: skipped, it would look like a pass. */
function chromiumPath(): string {
  const { CHROMIUM, PATH = '' } = process.env;
  const candidates =
    CHROMIUM === undefined
      ? PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
      : [CHROMIUM];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    `no Chromium ${CHROMIUM === undefined ? 'on PATH' : `at CHROMIUM=${CHROMIUM}`}: apt-get install chromium fonts-dejavu, or set CHROMIUM to its path`,
  );
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });

export interface OpenReport extends AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings of the page. */
  readonly complaints: readonly string[];
  /** Whatever the page asked for besides itself. */
  readonly requests: readonly string[];
  /** From the navigation's start until its views can be used. */
  readonly readyMs: number;
}

/** The page, once its script has done its work. */
export async function openReport(
  browser: Browser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenReport> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(path).href;
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  await page.goto(url);
  if (options.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready], .script-note');
  const readyMs = await markedAt(page, 'ftcheck-ready');
  return { page, complaints, requests, readyMs, [Symbol.asyncDispose]: () => context.close() };
}

async function markedAt(page: Page, name: string): Promise<number> {
  return page.evaluate<number>(`performance.getEntriesByName('${name}')[0]?.startTime ?? Infinity`);
}

/** How long each picture of all views took, in milliseconds. */
export const drawnMs = (page: Page): Promise<readonly number[]> =>
  page.evaluate<number[]>(`performance.getEntriesByName('ftcheck-drawn').map((entry) => entry.duration)`);
