import { html, type Html } from '../report/html.ts';
import { countText } from '../units-text.ts';
import { factsOf, type Fact } from './facts.ts';
import { startText } from './list-page.ts';
import { badge, page, runPath } from './page-frame.ts';
import type { RunFile, StoredRun } from './stored-runs.ts';

/** One run: its verdict, its report and its files. */
export function runPage(run: StoredRun, files: readonly RunFile[]): string {
  const command = run.verdict?.['command'];
  return page(
    run.name,
    html`<p>${badge(run.state)} ${run.reason}</p>
      <p class="quiet">started ${startText(run)}</p>
      ${run.verdict === null ? null : html`<p><a href="${runPath(run.name)}/report">The report of this run</a></p>`}
      ${run.verdict === null ? null : factsTable(factsOf(run))}
      <h2>Files</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>file</th>
              <th>bytes</th>
            </tr>
          </thead>
          <tbody>
            ${files.map((file) => fileRow(run, file))}
          </tbody>
        </table>
      </div>
      ${
        typeof command === 'string'
          ? html`<h2>Repeat this run with</h2>
              <pre>${command}</pre>`
          : null
      }`,
  );
}

const fileRow = (run: StoredRun, { path, bytes }: RunFile): Html =>
  html`<tr>
    <td><a href="${filePath(run, path)}" download>${path}</a></td>
    <td>${countText(bytes)}</td>
  </tr>`;

const filePath = (run: StoredRun, path: string): string =>
  `${runPath(run.name)}/files/${path.split('/').map(encodeURIComponent).join('/')}`;

function factsTable(facts: readonly Fact[]): Html {
  const known = facts.filter(({ text }) => text !== null);
  const groups = [...new Set(known.map(({ group }) => group))];
  return html`<div class="scroll">
    <table>
      ${groups.map(
        (group) =>
          html`<tbody>
            <tr>
              <th colspan="2" scope="rowgroup"><h2>${group}</h2></th>
            </tr>
            ${known
              .filter((fact) => fact.group === group)
              .map(
                ({ name, text }) =>
                  html`<tr>
                    <th scope="row">${name}</th>
                    <td>${text}</td>
                  </tr>`,
              )}
          </tbody>`,
      )}
    </table>
  </div>`;
}
