import { plural } from '../units-text.ts';
import { html, type Html } from './html.ts';
import type { Counterexample, ReportFacts } from './report-data.ts';
import { spaceTimeSvg } from './space-time-svg.ts';
import { tickText } from './words.ts';

/** A report of this many arrows shows them as a list, too, for those who cannot see or point at them. */
const messagesListedMax = 200;

/** Why the verdict is `invalid`: words, operations, picture. Null for any other verdict. */
export function counterexampleHtml(facts: ReportFacts): Html | null {
  const { counterexample } = facts;
  if (counterexample === null) return null;
  const { property, key, words, operations, lines } = counterexample;
  const [first = '', ...others] = words;
  return html`<section id="counterexample" aria-labelledby="counterexample-title">
    <h2 id="counterexample-title">What is wrong: ${property}${key === null ? '' : `, key ${key}`}</h2>
    <p class="first">${first}</p>
    ${others.map((paragraph) => html`<p>${paragraph}</p>`)}
    ${operations.length === 0 ? null : operationTable(counterexample, facts)}
    ${
      lines.length === 0
        ? null
        : html`<figure>
            ${spaceTimeSvg(counterexample, facts)}
            <figcaption>
              Time runs to the right; stretches in which nothing happens are drawn shorter. Bars are
              operations with their numbers, arrows messages, dots what one member did; shaded and hatched: a
              fault in force. Point at a mark to read what it is.
            </figcaption>
          </figure>`
    }
    ${messageList(counterexample, facts)}
  </section>`;
}

const operationTable = ({ operations }: Counterexample, facts: ReportFacts): Html =>
  html`<div class="table" role="region" aria-labelledby="counterexample-title" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">No.</th>
          <th scope="col">Client</th>
          <th scope="col">Operation</th>
          <th scope="col" class="number">Invoked</th>
          <th scope="col" class="number">Answered</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        ${operations.map(
          ({ client, words, invoked, completed, outcome }, i) =>
            html`<tr>
              <th scope="row">${i + 1}</th>
              <td>${client}</td>
              <td><code>${words}</code></td>
              <td class="number">${tickText(invoked, facts)}</td>
              <td class="number">${completed === null ? 'never' : tickText(completed, facts)}</td>
              <td>${outcome}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

function messageList({ messages }: Counterexample, facts: ReportFacts): Html | null {
  if (messages.length === 0) return null;
  const left = messages.length - messagesListedMax;
  return html`<details>
    <summary>${plural(messages.length, 'event')} in words</summary>
    <ol>
      ${messages
        .slice(0, messagesListedMax)
        .map(
          ({ sent, received, words }) =>
            html`<li>
              ${tickText(sent, facts)}${received === null || received === sent ? '' : ` to ${tickText(received, facts)}`}:
              ${words}
            </li>`,
        )}
      ${left > 0 ? html`<li>and ${left} more</li>` : null}
    </ol>
  </details>`;
}
