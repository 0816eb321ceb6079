import { createHash } from 'node:crypto';
import { counterexampleHtml } from './counterexample-section.ts';
import { encodeColumns, type EmbeddedFacts } from './encode-columns.ts';
import { faultsHtml, latencyHtml } from './fault-sections.ts';
import { html, jsonForScript, trusted, type Html } from './html.ts';
import { overviewSvg } from './overview-svg.ts';
import { readPageFiles } from './page-files.ts';
import type { ReportData } from './report-data.ts';
import {
  askedHtml,
  goalsHtml,
  headlineHtml,
  propertiesHtml,
  slosHtml,
  surroundingsHtml,
  unknownHtml,
} from './verdict-sections.ts';

/** report.html: one file that needs nothing else, and no script for its main facts. */
export function reportHtml(data: ReportData): string {
  const { facts } = data;
  const { verdict } = facts;
  const { script, style } = readPageFiles();
  const title = `${verdict.verdict}: ${verdict.impl}, ${verdict.workload}, ${verdict.nemesis}, seed ${verdict.seed}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${securityPolicy(script)}" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${trusted(style.replaceAll('</style', '<\\/style'))}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        ${headlineHtml(facts)} ${navigation(data)}
        <main id="main" tabindex="-1">
          ${counterexampleHtml(facts)} ${unknownHtml(facts)}
          <section id="timeline" aria-labelledby="timeline-title">
            <h2 id="timeline-title">Timeline</h2>
            <figure class="static">
              ${overviewSvg(data)}
              <figcaption>
                Ok operations and their latency over the whole run; shaded and hatched: a fault in force.
              </figcaption>
            </figure>
          </section>
          ${askedHtml(facts)} ${propertiesHtml(facts)} ${faultsHtml(facts)} ${latencyHtml(facts)}
          ${goalsHtml(facts)} ${slosHtml(facts)} ${surroundingsHtml(facts)}
        </main>
        ${embedded(data)} ${script === null ? null : scriptElement('', closedScript(script))}
      </body>
    </html> `;
  return page.markup;
}

/** No network, no plug-ins, no script but ours: a history may hold whatever a client was answered. */
function securityPolicy(script: string | null): string {
  const hash = script === null ? null : createHash('sha256').update(closedScript(script)).digest('base64');
  const scripts = hash === null ? `'none'` : `'sha256-${hash}'`;
  return `default-src 'none'; script-src ${scripts}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** In a script, what ends its element or hides its end can only stand inside a string or a comment, where this means the same. */
const closedScript = (script: string): string =>
  script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');

function navigation({ facts: { counterexample, verdict } }: ReportData): Html {
  const places: readonly (readonly [string, string])[] = [
    ...(counterexample === null ? [] : [['counterexample', 'What is wrong'] as const]),
    ...(verdict.verdict === 'unknown' ? [['unknown', 'Why not known'] as const] : []),
    ['timeline', 'Timeline'],
    ['asked', 'What was asked'],
    ['properties', 'Properties'],
    ['faults', 'Faults'],
    ['latency', 'Latency'],
    ...(verdict.goals.length === 0 ? [] : [['goals', 'Goals'] as const]),
    ...(verdict.slos.length === 0 ? [] : [['slos', 'SLOs'] as const]),
    ['surroundings', 'Environment'],
  ];
  return html`<nav aria-label="Sections">
    <ul>
      ${places.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
    </ul>
  </nav>`;
}

/** To the letter, without a line break before or behind: the policy has a hash of it. */
const scriptElement = (attributes: string, content: string): Html =>
  trusted(`<script${attributes}>${content}</script>`);

/** What the script draws from; column-layout.ts tells how it lies. */
function embedded({ facts, columns }: ReportData): Html[] {
  const { header, text } = encodeColumns(columns);
  const embeddedFacts: EmbeddedFacts = { ...facts, columns: header };
  return [
    scriptElement(' type="application/json" id="facts"', jsonForScript(embeddedFacts)),
    scriptElement(' type="application/octet-stream" id="columns"', text),
  ];
}
