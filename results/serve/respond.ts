import { readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { collectReport } from '../report/collect.ts';
import { html } from '../report/html.ts';
import { reportHtml } from '../report/report-html.ts';
import { runFiles } from '../run-directory.ts';
import { comparePage } from './compare-page.ts';
import { filterOf, listPage } from './list-page.ts';
import { page, style } from './page-frame.ts';
import { runPage } from './run-page.ts';
import { filesOf, findRun, listRuns, type StoredRun } from './stored-runs.ts';

/** What is asked: the parts of an HTTP request that matter here. */
export interface Asked {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly host: string;
}

/** An answer: a body, or a regular file of a run to be sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | { readonly file: string };
}

/** Where runs are, and under which names of a host this server may be asked for them. */
export interface Site {
  readonly folder: string;
  readonly hosts: readonly string[];
  /** Two run directories as one page with intervals and plots, without scripts; throws where they cannot be compared. */
  readonly drawComparison: (first: string, second: string) => string;
}

const always = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;
const ownPolicy =
  "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/**
 * A report has its script and style inside, and says itself which script may run. Its texts come from the system under test: the sandbox
 * keeps it, whatever might be wrong with it, from reading other pages of this server.
 */
const reportPolicy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; frame-ancestors 'none'; sandbox allow-scripts allow-downloads";

/** A page that is drawn for a file of its own: its style stands in it. */
const plotsPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/** Answers from what lies in the folder, and changes nothing there. */
export function respond(asked: Asked, site: Site): Answer {
  // Another name for 127.0.0.1, given out by a name server of somebody's own, would let his pages read ours.
  if (!site.hosts.includes(asked.host.toLowerCase())) {
    return plain(403, `this server answers to ${site.hosts.join(' and ')} only, not to '${asked.host}'\n`);
  }
  if (asked.method !== 'GET' && asked.method !== 'HEAD') {
    const refused = plain(405, 'stored runs can be read, and not be changed: GET and HEAD only\n');
    return { ...refused, headers: { ...refused.headers, allow: 'GET, HEAD' } };
  }
  const queryAt = asked.target.indexOf('?');
  const path = queryAt < 0 ? asked.target : asked.target.slice(0, queryAt);
  const query = new URLSearchParams(queryAt < 0 ? '' : asked.target.slice(queryAt + 1));
  const words = path.split('/').slice(1).map(decoded);
  if (words.includes(null)) return notFound('This address is no address.');
  return routed(
    words.map((word) => word ?? ''),
    query,
    site,
  );
}

function routed(words: readonly string[], query: URLSearchParams, site: Site): Answer {
  const { folder } = site;
  const [place = '', name = '', part, ...rest] = words;
  if (place === '' && words.length === 1)
    return htmlAnswer(200, listPage(listRuns(folder), filterOf(query), folder));
  if (place === 'style.css' && words.length === 1)
    return { status: 200, headers: typed('text/css'), body: style };
  if (place === 'compare' && words.length === 1) {
    return ofTwo(query, folder, (one, other) => htmlAnswer(200, comparePage(one, other)));
  }
  if (place === 'compare' && name === 'plots' && words.length === 2) {
    return ofTwo(query, folder, (one, other) => plots(one, other, site));
  }
  if (place !== 'run') return notFound('There is no such page.');
  const run = findRun(folder, name);
  if (run === null) return notFound(`There is no run ${name}.`);
  if (part === undefined) return htmlAnswer(200, runPage(run, filesOf(run)));
  if (part === 'report' && rest.length === 0) return report(run);
  return part === 'files' ? file(run, rest.join('/'), folder) : notFound('There is no such page.');
}

/** What two runs that were chosen in the list make together. */
function ofTwo(
  query: URLSearchParams,
  folder: string,
  answer: (one: StoredRun, other: StoredRun) => Answer,
): Answer {
  const names = query.getAll('run');
  const [first, second] = names;
  if (first === undefined || second === undefined || names.length > 2) {
    return htmlAnswer(
      400,
      page('Two runs', html`<p>Check two runs in the <a href="/">list</a>, not ${names.length}.</p>`),
    );
  }
  const one = findRun(folder, first);
  const other = findRun(folder, second);
  if (one === null || other === null) return notFound(`There is no run ${one === null ? first : second}.`);
  return answer(one, other);
}

function plots(one: StoredRun, other: StoredRun, { drawComparison }: Site): Answer {
  const headers = { ...typed('text/html; charset=utf-8'), 'content-security-policy': plotsPolicy };
  try {
    return { status: 200, headers, body: drawComparison(one.path, other.path) };
  } catch (thrown) {
    return htmlAnswer(
      500,
      page('No plots', html`<p>These two runs cannot be compared: ${messageOf(thrown)}</p>`),
    );
  }
}

/** The stored one, or one made on the way out: nothing is written into the folder. */
function report(run: StoredRun): Answer {
  const isStored = filesOf(run).some(({ path }) => path === runFiles.report);
  const path = join(run.path, runFiles.report);
  const headers = { ...typed('text/html; charset=utf-8'), 'content-security-policy': reportPolicy };
  try {
    return {
      status: 200,
      headers,
      body: isStored ? readFileSync(path, 'utf8') : reportHtml(collectReport(run.path)),
    };
  } catch (thrown) {
    return htmlAnswer(
      500,
      page('No report', html`<p>The report of ${run.name} cannot be made: ${messageOf(thrown)}</p>`),
    );
  }
}

/** One of the files that the run's page lists, to be saved; whatever else is asked for is not there. */
function file(run: StoredRun, path: string, folder: string): Answer {
  const isListed = filesOf(run).some((one) => one.path === path);
  const full = join(run.path, path);
  if (!isListed || !isInside(full, folder)) return notFound(`There is no file ${path} in ${run.name}.`);
  const name = path.split('/').at(-1) ?? 'file';
  return {
    status: 200,
    headers: {
      ...typed(path.endsWith('.json') ? 'application/json' : 'application/octet-stream'),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`,
    },
    body: { file: full },
  };
}

/** Once more, by the system's own word: a directory may have become a link since it was listed. */
function isInside(path: string, folder: string): boolean {
  try {
    return realpathSync(path).startsWith(realpathSync(folder) + sep);
  } catch {
    return false; // removed meanwhile
  }
}

const typed = (type: string): Record<string, string> => ({
  ...always,
  'content-type': type,
  'content-security-policy': ownPolicy,
});
const htmlAnswer = (status: number, body: string): Answer => ({
  status,
  headers: typed('text/html; charset=utf-8'),
  body,
});
const plain = (status: number, body: string): Answer => ({
  status,
  headers: typed('text/plain; charset=utf-8'),
  body,
});
const notFound = (why: string): Answer =>
  htmlAnswer(404, page('Not found', html`<p>${why} <a href="/">All runs</a></p>`));

/** Null: no valid percent-encoding. */
function decoded(word: string): string | null {
  try {
    return decodeURIComponent(word);
  } catch {
    return null;
  }
}
