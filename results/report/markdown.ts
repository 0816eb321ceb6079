import type { PropertyVerdict } from '../../core/verdict.ts';
import { effectInWords } from '../faults.ts';
import { firstSentence } from '../summary.ts';
import { countText, msText, plural, secondsText } from '../units-text.ts';
import type { VerdictFile } from '../verdict-schema.ts';
import type { ReportFacts } from './report-data.ts';
import { verdictSigns } from './words.ts';

/** A short summary for a pull request, in GitHub's Markdown: what failed first, the command that repeats it last. */
export function reportMarkdown({ verdict, counterexample }: ReportFacts): string {
  const { impl, workload, nemesis, nodes, seed } = verdict;
  const sections: readonly (readonly string[])[] = [
    [
      `### ${verdictSigns[verdict.verdict].sign} ${verdict.verdict}: ${escaped(firstSentence(verdict.reason))}`,
    ],
    [
      escaped(
        `${impl} on ${plural(nodes, 'node')}, workload ${workload}, nemesis ${nemesis}, seed ${seed}: ${loadWords(verdict)}`,
      ),
    ],
    counterexample === null ? [] : counterexample.words.slice(0, 3).map((words) => `> ${escaped(words)}\n>`),
    propertyTable(verdict),
    faultTable(verdict),
    ['Repeat this run with:', '', ...fenced(verdict.command)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function loadWords({ operations, throughput, latency }: VerdictFile): string {
  const rate =
    throughput.opsPerSecond === null ? '' : `, ${countText(Math.round(throughput.opsPerSecond))} ok a second`;
  return (
    `${plural(operations.invoked, 'operation')}, ${countText(operations.ok)} ok, ${countText(operations.fail)} fail, ` +
    `${countText(operations.info)} info${rate}; p50 ${msText(latency.p50Ms)}, p99 ${msText(latency.p99Ms)}, max ${msText(latency.maxMs)}`
  );
}

/** What failed leads. */
const order: readonly PropertyVerdict[] = ['invalid', 'unknown', 'valid', 'not-owed', 'not-applicable'];

function propertyTable({ properties }: VerdictFile): string[] {
  const rows = Object.entries(properties as Readonly<Record<string, VerdictFile['properties'][string]>>)
    .toSorted(([, a], [, b]) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
    .map(([name, { verdict, reason }]) => {
      const { sign, words } = verdictSigns[verdict];
      return `| ${sign} ${words} | ${escaped(name)} | ${escaped(firstSentence(reason))} |`;
    });
  return ['| verdict | property | reason |', '|---|---|---|', ...rows];
}

function faultTable({ faults, properties }: VerdictFile): string[] {
  if (faults.length === 0) return [];
  const rows = faults.map((fault) => {
    const outage = properties.failover?.outages.find(({ id }) => id === fault.id);
    const back =
      outage === undefined ? '' : outage.outageMs === null ? 'no success after it' : msText(outage.outageMs);
    const cells = [
      fault.id,
      fault.name,
      fault.target,
      secondsText(fault.beginNs),
      back,
      effectInWords(fault),
    ];
    return `| ${cells.map(escaped).join(' | ')} |`;
  });
  return ['| fault | name | target | at | back after | evidence |', '|---|---|---|--:|--:|---|', ...rows];
}

/** As text, on one line: nothing in it makes markup or ends a cell. */
const escaped = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>|#~&]/g, String.raw`\$&`)
    // No mention of whoever has that name.
    .replaceAll('@', '&#64;');

/** In a fence that no run of back quotes inside can end. */
function fenced(text: string): string[] {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}sh`, text, fence];
}
