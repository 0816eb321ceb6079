import { effectInWords } from '../faults.ts';
import { countText, msText, secondsText } from '../units-text.ts';
import { html, type Html } from './html.ts';
import type { LatencyWindow, ReportFacts } from './report-data.ts';

export function faultsHtml(facts: ReportFacts): Html {
  const { faults, nemesis } = facts.verdict;
  const nothing =
    nemesis === 'none'
      ? 'Nothing was broken: this run proves nothing about faults.'
      : `Nothing was broken: ${nemesis} was asked for, and no fault began.`;
  return html`<section id="faults" aria-labelledby="faults-title">
    <h2 id="faults-title">Faults</h2>
    ${faults.length === 0 ? html`<p>${nothing}</p>` : faultTable(facts)} ${outageTable(facts)}
  </section>`;
}

const faultTable = ({ verdict: { faults } }: ReportFacts): Html =>
  html`<div class="table" role="region" aria-labelledby="faults-title" tabindex="0">
    <table>
      <thead>
        <tr>
          ${heads(['Fault', 'Name', 'Class', 'Target', 'From #', 'For #', 'Evidence'])}
        </tr>
      </thead>
      <tbody>
        ${faults.map(
          (fault) =>
            html`<tr>
              <th scope="row">${fault.id}</th>
              <td>${fault.name}</td>
              <td>${fault.class}</td>
              <td>
                ${fault.target}${fault.plannedTarget === fault.target ? '' : ` (${fault.plannedTarget})`}
              </td>
              <td class="number">${secondsText(fault.beginNs)}</td>
              <td class="number">
                ${fault.endNs === null ? 'never ended' : msText((fault.endNs - fault.beginNs) / 1e6)}
              </td>
              <td>${fault.effect ? '✓' : '✗'} ${effectInWords(fault)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

function outageTable({ verdict: { properties, claim } }: ReportFacts): Html | null {
  const outages = properties.failover?.outages ?? [];
  if (outages.length === 0) return null;
  return html`<h3 id="outages-title">Outages</h3>
    <p>
      From the effect of a fault to the first success of an operation invoked after it; the phases count from
      the same moment.
    </p>
    <div class="table" role="region" aria-labelledby="outages-title" tabindex="0">
      <table>
        <thead>
          <tr>
            ${heads(['Fault', 'Target', 'Back after #', 'Allowed #', 'Detected #', 'New view #', 'Working in it #', 'Full strength #'])}
          </tr>
        </thead>
        <tbody>
          ${outages.map(
            ({ id, fault, target, outageMs, phases, judged }) =>
              html`<tr>
                <th scope="row">${id} ${fault}</th>
                <td>${target}</td>
                <td class="number">
                  <strong>${outageMs === null ? 'no success after it' : msText(outageMs)}</strong>
                </td>
                <td class="number">${judged ? msText(claim.outageMsMax) : 'no bound'}</td>
                ${[phases.detectMs, phases.agreeMs, phases.recoverMs, phases.fullStrengthMs].map(
                  (ms) => html`<td class="number">${ms === null ? 'not seen' : msText(ms)}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** Percentiles before, during and after each fault; the script adds the distributions under them. */
export function latencyHtml({ windows, verdict }: ReportFacts): Html {
  const kinds = Object.entries(verdict.latency.byKind);
  const byKind = kinds.length < 2 ? [] : kinds.map(([name, distribution]) => ({ name, ...distribution }));
  return html`<section id="latency" aria-labelledby="latency-title">
    <h2 id="latency-title">Latency</h2>
    <p>
      Of the ok operations of clients that may ask any
      node${verdict.rate === null ? '' : ', from when each was due'}. A dash: too few operations to claim that
      percentile.
    </p>
    <div class="table" role="region" aria-labelledby="latency-title" tabindex="0">
      <table>
        <thead>
          <tr>
            ${heads(['Operations that began', 'Count #', 'p50 #', 'p90 #', 'p99 #', 'Max #'])}
          </tr>
        </thead>
        <tbody>
          ${windows.map((window) => latencyRow(windowWords(window, verdict.faults), window))}
          ${byKind.map((kind) => latencyRow(`whole run, ${kind.name} only`, kind))}
        </tbody>
      </table>
    </div>
    <section id="cdf" aria-labelledby="cdf-title">
      <h3 id="cdf-title">Distribution</h3>
      <p class="needs-script">
        With scripts, this is a plot of the distributions before, during and after each fault.
      </p>
    </section>
  </section>`;
}

function windowWords(
  { fault, place, name }: LatencyWindow,
  faults: ReportFacts['verdict']['faults'],
): string {
  if (fault === null) return name;
  const found = faults.find(({ id }) => id === fault);
  return `${place} ${fault}${found === undefined ? '' : ` ${found.name}`}`;
}

type Percentiles = Pick<LatencyWindow, 'count' | 'p50Ms' | 'p90Ms' | 'p99Ms' | 'maxMs'>;

const latencyRow = (name: string, { count, p50Ms, p90Ms, p99Ms, maxMs }: Percentiles): Html =>
  html`<tr>
    <th scope="row">${name}</th>
    <td class="number">${countText(count)}</td>
    ${[p50Ms, p90Ms, p99Ms, maxMs].map((ms) => html`<td class="number">${ms === null ? '–' : msText(ms)}</td>`)}
  </tr>`;

/** Titles of columns; a ` #` at the end says that figures stand below, which are aligned to the right. */
const heads = (names: readonly string[]): Html[] =>
  names.map((name) =>
    name.endsWith(' #')
      ? html`<th scope="col" class="number">${name.slice(0, -2)}</th>`
      : html`<th scope="col">${name}</th>`,
  );
