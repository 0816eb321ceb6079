import { html, type Html } from '../report/html.ts';
import { factsOf, type Fact } from './facts.ts';
import { startText } from './list-page.ts';
import { badge, page, runPath } from './page-frame.ts';
import type { StoredRun } from './stored-runs.ts';

/** Two runs side by side: what they have alike stands back, what differs stands out. */
export function comparePage(first: StoredRun, second: StoredRun): string {
  const rows = rowsOf(factsOf(first), factsOf(second));
  const groups = [...new Set(rows.map(({ group }) => group))];
  const query = [first, second].map(({ name }) => `run=${encodeURIComponent(name)}`).join('&');
  return page(
    'Two runs',
    html`<p class="quiet">
        One run each: what differs may be chance.
        <a href="/compare/plots?${query}">Intervals and plots</a> tell more.
        <code>npx ftcheck compare</code> measures in rounds, and says what is not chance.
      </p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th></th>
              ${[first, second].map(head)}
              <th>second to first</th>
            </tr>
          </thead>
          ${groups.map(
            (group) =>
              html`<tbody>
                <tr>
                  <th colspan="4" scope="rowgroup"><h2>${group}</h2></th>
                </tr>
                ${rows.filter((row) => row.group === group).map(rowHtml)}
              </tbody>`,
          )}
        </table>
      </div>`,
  );
}

const head = (run: StoredRun): Html =>
  html`<th scope="col">
    <a href="${runPath(run.name)}">${run.impl || run.name}, ${run.nemesis}</a><br /><span class="quiet"
      >${startText(run)}</span
    ><br />${badge(run.state)}
  </th>`;

interface Row {
  readonly group: string;
  readonly name: string;
  readonly first: Fact | undefined;
  readonly second: Fact | undefined;
}

/** A row for whatever one of them has, in the order of the first. */
function rowsOf(first: readonly Fact[], second: readonly Fact[]): readonly Row[] {
  const isSame = (a: Fact) => (b: Fact) => a.group === b.group && a.name === b.name;
  const onlySecond = second.filter((fact) => !first.some(isSame(fact)));
  return [...first, ...onlySecond].map((fact) => ({
    group: fact.group,
    name: fact.name,
    first: first.find(isSame(fact)),
    second: second.find(isSame(fact)),
  }));
}

function rowHtml({ name, first, second }: Row): Html {
  const one = first?.text ?? '-';
  const other = second?.text ?? '-';
  return html`<tr class="${one === other ? 'same' : 'differs'}">
    <th scope="row">${name}</th>
    <td>${one}</td>
    <td>${other}</td>
    <td>${ratioText(first, second)}</td>
  </tr>`;
}

function ratioText(first: Fact | undefined, second: Fact | undefined): string {
  const [from, to] = [first?.value ?? null, second?.value ?? null];
  if (from === null || to === null || from === 0) return '';
  const percent = Math.round((to / from - 1) * 100);
  return percent === 0 ? '±0 %' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`;
}
