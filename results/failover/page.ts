import { distributionPlot, spanOf } from './plot.ts';
import { figureNames, figures } from './figures.ts';
import type { FailoverSummary, FaultSummary } from './summary.ts';
import {
  claimText,
  estimateText,
  figureText,
  noteLines,
  ranLines,
  resolutionText,
  safetyCommand,
  sentenceOf,
  trialLines,
} from './text.ts';
import { html, type Html } from '../report/html.ts';

/** A series as one page: no scripts, nothing from elsewhere, light and dark as the reader's system has it. */
export function renderFailoverPage(summary: FailoverSummary): string {
  const { impl, verdict, results, faults, command, environment, date, directory } = summary;
  const title = `Failover of ${impl}: ${faults.join(', ')}`;
  const spanMs = spanOf(results);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="verdict ${verdict ?? 'none'}">
            <strong>${verdict === null ? 'measured' : verdict}</strong> ${sentenceOf(summary)}
          </p>
          <ul>
            ${ranLines(summary).map((line) => html`<li>${line}</li>`)}
            <li>${claimText(summary)}</li>
            <li>${resolutionText(summary)}</li>
          </ul>
          ${sloSection(summary)} ${results.map((result) => faultSection(result, spanMs))}
          <h2>What the figures mean</h2>
          <p>
            All but the stalls are counted from the moment at which the fault took effect. Intervals are of
            order statistics, for any distribution: the true quantile is below its interval with at most 5 %
            probability, and above it with at most 5 %.
          </p>
          <dl>
            ${figureNames.map(
              (name) =>
                html`<dt>${name}</dt>
                  <dd>${figures[name]}</dd>`,
            )}
          </dl>
          <h2>Safety</h2>
          <p>Whether clients saw only what is allowed is not judged here. These commands judge it:</p>
          <pre>${faults.map((fault) => `${safetyCommand(summary, fault)}\n`)}</pre>
          <h2>Again</h2>
          <pre>${command}</pre>
          <p class="quiet">
            ${directory}, ${date}, ftcheck ${environment.ftcheck}, Node ${environment.node},
            ${environment.platform}, ${environment.cpus} CPUs
          </p>
        </main>
      </body>
    </html> `.markup;
}

function sloSection({ sloResults }: FailoverSummary): Html | null {
  if (sloResults.length === 0) return null;
  return html`<h2>SLOs</h2>
    <table>
      <thead>
        <tr>
          <th>SLO</th>
          <th>fault</th>
          <th>answer</th>
          <th>why</th>
        </tr>
      </thead>
      <tbody>
        ${sloResults.map(
          ({ slo, fault, answer, reason }) =>
            html`<tr>
              <td>${slo}</td>
              <td>${fault}</td>
              <td class="${answer}">${answer}</td>
              <td>${reason}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function faultSection(result: FaultSummary, spanMs: number): Html {
  const facts = html`<p>${trialLines(result).join('. ')}.</p>`;
  if (result.trials === 0)
    return html`<h2>${result.fault}</h2>
      ${facts}`;
  return html`<h2>${result.fault}</h2>
    ${facts} ${distributionPlot(result, spanMs)}
    <table>
      <thead>
        <tr>
          <th>ms</th>
          <th>p50 [90 %]</th>
          <th>p90 [90 %]</th>
          <th>p99 [90 %]</th>
          <th>max</th>
        </tr>
      </thead>
      <tbody>
        ${figureNames.map((name) => {
          const { p50, p90, p99, maxMs } = result.figures[name];
          return html`<tr>
            <th>${name}</th>
            <td>${estimateText(p50)}</td>
            <td>${estimateText(p90)}</td>
            <td>${estimateText(p99)}</td>
            <td>${figureText(maxMs)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
    ${noteLines(result).map((line) => html`<p class="quiet">${line}</p>`)}`;
}

const style = {
  markup: `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --quiet: #57606a; --line: #d0d7de; --met: #1a7f37; --missed: #b3261e;
  --open: #8a5a00; --outage: #0b5cad; --agree: #a14a00; --detect: #57606a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --quiet: #9aa4af; --line: #30363d; --met: #56d364;
  --missed: #ff7b72; --open: #e3b341; --outage: #79b8ff; --agree: #ffa657; --detect: #9aa4af; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.verdict { border-left: 4px solid var(--line); padding: .4rem .8rem; }
.verdict.met { border-color: var(--met); } .verdict.missed { border-color: var(--missed); } .verdict.undecided { border-color: var(--open); }
td.met { color: var(--met); } td.missed { color: var(--missed); } td.undecided { color: var(--open); }
.quiet { color: var(--quiet); }
table { border-collapse: collapse; display: block; overflow-x: auto; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .9rem .2rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; }
pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { font-weight: 600; } dd { margin: 0; }
svg { width: 100%; height: auto; max-width: 760px; } svg text { fill: var(--quiet); font: 12px system-ui, sans-serif; }
.end { text-anchor: end; } .middle { text-anchor: middle; }
.grid { stroke: var(--line); stroke-width: 1; } .curve { fill: none; stroke-width: 2; }
.outage { stroke: var(--outage); } .agree { stroke: var(--agree); stroke-dasharray: 7 3; } .detect { stroke: var(--detect); stroke-dasharray: 2 3; }
`,
};
