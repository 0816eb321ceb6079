import type { PropertyVerdict } from '../../core/verdict.ts';
import { firstSentence } from '../summary.ts';
import { countText, msText, plural } from '../units-text.ts';
import type { VerdictFile } from '../verdict-schema.ts';
import { detailsHtml } from './details-html.ts';
import { html, type Html } from './html.ts';
import type { ReportFacts } from './report-data.ts';
import { optionsText, verdictSigns } from './words.ts';

type Property = VerdictFile['properties'][string];

const propertiesOf = ({ properties }: VerdictFile): (readonly [string, Property])[] =>
  Object.entries(properties as Readonly<Record<string, Property>>);

export const badge = (verdict: PropertyVerdict): Html =>
  html`<span class="badge ${verdict}"
    ><span aria-hidden="true">${verdictSigns[verdict].sign}</span> ${verdictSigns[verdict].words}</span
  >`;

export function headlineHtml({ verdict }: ReportFacts): Html {
  const { impl, workload, nemesis, nodes, seed, environment } = verdict;
  return html`<header>
    <p class="product">ftcheck report</p>
    <h1>${badge(verdict.verdict)} <span class="reason">${firstSentence(verdict.reason)}</span></h1>
    <p class="lead">
      ${impl} on ${plural(nodes, 'node')}, workload ${workload}, nemesis ${nemesis}, seed ${seed};
      <time datetime="${environment.date}">${environment.date.slice(0, 19).replace('T', ' ')} UTC</time>
    </p>
  </header>`;
}

/** What was asked for, and the command that asks for it again. */
export function askedHtml({ verdict }: ReportFacts): Html {
  const { impl, implOptions, workload, workloadOptions, nemesis, nodes, clients, pinned, rate, seed } =
    verdict;
  const { durationMs, wallMs, claim, withinClaim, operations, throughput } = verdict;
  const withOptions = (name: string, options: Readonly<Record<string, unknown>>): string =>
    Object.keys(options).length === 0 ? name : `${name} (${optionsText(options)})`;
  const rows: readonly (readonly [string, string])[] = [
    ['Implementation', `${withOptions(impl, implOptions)} on ${plural(nodes, 'node')}`],
    ['Workload', withOptions(workload, workloadOptions)],
    ['Nemesis', nemesis === 'none' ? 'none: this run proves nothing about faults' : nemesis],
    [
      'Load',
      `${plural(clients, 'client')}${pinned ? ' and one pinned to each node' : ''}, ` +
        (rate === null ? 'closed loop' : `open loop at ${countText(rate)} operations a second`),
    ],
    ['Seed', String(seed)],
    ['Length', `${msText(durationMs)}${wallMs === null ? '' : `, ${msText(wallMs)} in all`}`],
    [
      'Operations',
      `${countText(operations.invoked)}: ${countText(operations.ok)} ok, ${countText(operations.fail)} fail (proven to have had no effect), ` +
        `${countText(operations.info)} info (no answer)` +
        (throughput.opsPerSecond === null
          ? ''
          : `; ${countText(Math.round(throughput.opsPerSecond))} ok a second`),
    ],
    ['Claim', `${claim.text}; outage at most ${msText(claim.outageMsMax)}`],
    [
      'Faults',
      withinClaim === null
        ? 'not known whether within the claim'
        : withinClaim
          ? 'within the claim'
          : 'beyond the claim',
    ],
  ];
  return html`<section id="asked" aria-labelledby="asked-title">
    <h2 id="asked-title">What was asked</h2>
    <p>Repeat this run with:</p>
    <pre class="command" id="command" tabindex="0"><code>${verdict.command}</code></pre>
    <dl class="facts">
      ${rows.map(
        ([name, text]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${text}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

export function propertiesHtml({ verdict, counterexample }: ReportFacts): Html {
  return html`<section id="properties" aria-labelledby="properties-title">
    <h2 id="properties-title">Properties</h2>
    <ul class="properties">
      ${propertiesOf(verdict).map(([name, property]) => propertyHtml(name, property, counterexample?.property ?? null))}
    </ul>
  </section>`;
}

/** `toldAbove`: the property whose counterexample the report begins with. */
function propertyHtml(name: string, property: Property, toldAbove: string | null): Html {
  const { verdict, reason, ...details } = property;
  const more =
    Object.keys(details).length === 0
      ? null
      : html`<details>
          <summary>Details of ${name}</summary>
          ${detailsHtml(details)}
        </details>`;
  return html`<li class="property ${verdict}">
    <h3>${badge(verdict)} ${name}</h3>
    <p>
      ${name === toldAbove ? html`${firstSentence(reason)} <a href="#counterexample">All of it</a>` : reason}
    </p>
    ${more}
  </li>`;
}

/** Why nobody knows, and what is known in spite of it; nothing for any other verdict. */
export function unknownHtml({ verdict }: ReportFacts): Html | null {
  if (verdict.verdict !== 'unknown') return null;
  const { harness, goals } = verdict;
  const why = [
    ...(harness.trouble === null ? [] : [`The run did not come to its end: ${harness.trouble}`]),
    ...(harness.interrupted === null ? [] : [`The run was interrupted by ${harness.interrupted}`]),
    ...propertiesOf(verdict)
      .filter(([, property]) => property.verdict === 'unknown')
      .map(([name, { reason }]) => `${name}: ${reason}`),
    ...goals
      .filter(({ required, reached }) => required && !reached)
      .map(
        ({ name, count, minimum }) => `goal missed: ${name}: ${countText(count)} of ${countText(minimum)}`,
      ),
  ];
  const proven = propertiesOf(verdict).filter(([, property]) => property.verdict === 'valid');
  return html`<section id="unknown" aria-labelledby="unknown-title">
    <h2 id="unknown-title">Why this is not known</h2>
    <ul>
      ${why.map((reason) => html`<li>${reason}</li>`)}
    </ul>
    <h3>What was proven</h3>
    ${
      proven.length === 0
        ? html`<p>Nothing.</p>`
        : html`<ul>
            ${proven.map(([name, { reason }]) => html`<li>${badge('valid')} ${name}: ${reason}</li>`)}
          </ul>`
    }
  </section>`;
}

export function goalsHtml({ verdict: { goals } }: ReportFacts): Html | null {
  if (goals.length === 0) return null;
  return html`<section id="goals" aria-labelledby="goals-title">
    <h2 id="goals-title">Goals</h2>
    <p>What the run had to reach for a pass to mean something.</p>
    <div class="table" role="region" aria-labelledby="goals-title" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Goal</th>
            <th scope="col">Needed</th>
            <th scope="col" class="number">Count</th>
            <th scope="col" class="number">Minimum</th>
            <th scope="col">Reached</th>
          </tr>
        </thead>
        <tbody>
          ${goals.map(
            ({ name, required, reached, count, minimum }) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${required ? 'for a pass' : 'good to have'}</td>
                <td class="number">${countText(count)}</td>
                <td class="number">${countText(minimum)}</td>
                <td>${reached ? '✓ reached' : required ? '✗ missing' : '– not seen'}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

export function slosHtml({ verdict: { slos } }: ReportFacts): Html | null {
  if (slos.length === 0) return null;
  return html`<section id="slos" aria-labelledby="slos-title">
    <h2 id="slos-title">Service level objectives</h2>
    <ul class="properties">
      ${slos.map(({ verdict, reason }) => html`<li class="property ${verdict}">${badge(verdict)} ${reason}</li>`)}
    </ul>
  </section>`;
}

/** The harness itself, and the machine: what might explain a figure that surprises. */
export function surroundingsHtml({ verdict }: ReportFacts): Html {
  const { harness, environment, runDir } = verdict;
  const checkers = Object.entries(harness.checkersMs ?? {}).map(([name, ms]) => `${name} ${msText(ms)}`);
  const rows: readonly (readonly [string, string])[] = [
    [
      'Event loop of ftcheck',
      harness.lagMsMax === null ? 'lag not measured' : `at most ${msText(harness.lagMsMax)} late`,
    ],
    ['Interrupted', harness.interrupted ?? 'no'],
    ['Trouble', harness.trouble ?? 'none'],
    ['Damage to the record', harness.damage.length === 0 ? 'none' : harness.damage.join('; ')],
    ['Checkers', checkers.length === 0 ? 'did not come to their end' : checkers.join(', ')],
    ['ftcheck', environment.ftcheck],
    ['Node.js', environment.node],
    ['Machine', `${environment.platform}, ${plural(environment.cpus, 'CPU')}`],
    ['Date', environment.date],
    ['Files', runDir],
  ];
  return html`<section id="surroundings" aria-labelledby="surroundings-title">
    <h2 id="surroundings-title">Harness and environment</h2>
    <dl class="facts">
      ${rows.map(
        ([name, text]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${text}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}
