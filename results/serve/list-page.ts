import { html, type Html } from '../report/html.ts';
import { plural } from '../units-text.ts';
import { badge, page, runPath } from './page-frame.ts';
import { runStates, type StoredRun } from './stored-runs.ts';

/** What the list is cut down to; '' stands for all. */
export interface Filter {
  readonly verdict: string;
  readonly impl: string;
  readonly nemesis: string;
}

export const filterOf = (query: URLSearchParams): Filter => ({
  verdict: query.get('verdict') ?? '',
  impl: query.get('impl') ?? '',
  nemesis: query.get('nemesis') ?? '',
});

const passes = ({ verdict, impl, nemesis }: Filter, run: StoredRun): boolean =>
  (verdict === '' || run.state === verdict) &&
  (impl === '' || run.impl === impl) &&
  (nemesis === '' || run.nemesis === nemesis);

/** All runs that pass, as a form that compares two of them. */
export function listPage(runs: readonly StoredRun[], filter: Filter, folder: string): string {
  const shown = runs.filter((run) => passes(filter, run));
  return page(
    'Stored runs',
    html`<p class="quiet">${plural(shown.length, 'run')} of ${runs.length} in ${folder}, newest first</p>
      ${filterForm(runs, filter)} ${shown.length === 0 ? emptyText(runs) : table(shown)}`,
  );
}

const emptyText = (runs: readonly StoredRun[]): Html =>
  runs.length === 0
    ? html`<p>
        No run is stored here yet. <code>npx ftcheck run --impl=active --nemesis=partition</code> makes one.
      </p>`
    : html`<p>No run passes this filter. <a href="/">Show all</a></p>`;

function filterForm(runs: readonly StoredRun[], filter: Filter): Html {
  const found = (of: (run: StoredRun) => string): readonly string[] =>
    [...new Set(runs.map(of))].filter((text) => text !== '').sort();
  const states = runStates.filter((state) => runs.some((run) => run.state === state));
  return html`<form class="filter" action="/" method="get">
    ${choice('verdict', states, filter.verdict)}
    ${choice(
      'impl',
      found(({ impl }) => impl),
      filter.impl,
    )}
    ${choice(
      'nemesis',
      found(({ nemesis }) => nemesis),
      filter.nemesis,
    )}
    <button>Filter</button> <a href="/">Show all</a>
  </form>`;
}

function choice(name: string, values: readonly string[], selected: string): Html {
  const all = selected === '' || values.includes(selected) ? values : [...values, selected];
  return html`<label
    >${name}<select name="${name}">
      <option value="">all</option>
      ${all.map((value) =>
        value === selected
          ? html`<option value="${value}" selected>${value}</option>`
          : html`<option value="${value}">${value}</option>`,
      )}
    </select></label
  >`;
}

const table = (runs: readonly StoredRun[]): Html =>
  html`<form action="/compare" method="get">
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th><span class="quiet">compare</span></th>
            <th>verdict</th>
            <th>started</th>
            <th>impl</th>
            <th>workload</th>
            <th>nemesis</th>
            <th>seed</th>
            <th>reason</th>
          </tr>
        </thead>
        <tbody>
          ${runs.map(row)}
        </tbody>
      </table>
    </div>
    <p><button>Compare the two that are checked</button></p>
  </form>`;

const row = (run: StoredRun): Html =>
  html`<tr>
    <td><input type="checkbox" name="run" value="${run.name}" aria-label="${`compare ${run.name}`}" /></td>
    <td>${badge(run.state)}</td>
    <td class="time"><a href="${runPath(run.name)}" title="${run.name}">${startText(run)}</a></td>
    <td>${run.impl || run.name}</td>
    <td>${run.workload}</td>
    <td>${run.nemesis}</td>
    <td>${run.seed}</td>
    <td class="reason">${run.reason}</td>
  </tr> `;

/** `2026-11-21 17:23:14 UTC` */
export const startText = ({ startedAt }: StoredRun): string =>
  `${startedAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
