import { differenceText, findingsOf, legend, rowsOf, settingText, titleOf } from './cells.ts';
import type { Comparison } from './schema.ts';
import { headline } from './table.ts';

/** A comparison as GitHub's Markdown, for a pull request. */
export function renderMarkdown(comparison: Comparison): string {
  const { columns, thresholds, notes, command } = comparison;
  const marks = { held: '✅', violated: '❌', undecided: '⚠️' } as const;
  const rows = rowsOf(comparison).map(({ metric, cells }) => [
    metric.title,
    ...cells.map(({ value, range, isBest }) => {
      const shown = isBest ? `**${escaped(value)}**` : escaped(value);
      return range === '' ? shown : `${shown}<br><sub>${escaped(range)}</sub>`;
    }),
  ]);
  const sections = [
    `### ftcheck compare: ${escaped(headline(comparison))}`,
    ...(thresholds.length === 0
      ? []
      : [
          thresholds
            .map(
              ({ verdict, reason, against }) =>
                `- ${marks[verdict]} ${escaped(reason)}${against === null ? '' : `, against ${escaped(against)}`}`,
            )
            .join('\n'),
        ]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `> ${escaped(note)}`).join('\n>\n')]),
    tableOf(['', ...columns.map(({ label }) => escaped(label))], rows),
    differencesOf(comparison),
    `<sub>${escaped(settingText(comparison))}. **Bold**: better than every other, surely. ${escaped(legend(comparison).replace(/^\* [^.]*\. /, ''))}</sub>`,
    `<details><summary>Repeat it</summary>\n\n\`\`\`sh\n${command}\n\`\`\`\n\n</details>`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

function differencesOf(comparison: Comparison): string {
  return findingsOf(comparison)
    .map(({ a, b, found, notFound }) => {
      const none = notFound.map(({ metric }) => titleOf(metric)).join(', ');
      const parts = [
        ...found.map(
          (one) => `${differenceText(one)}${one.better === null ? '' : ` (${one.better} is better)`}`,
        ),
        ...(none === '' ? [] : [`no difference found in ${none}`]),
      ];
      return `- **${escaped(b)}** against **${escaped(a)}**: ${escaped(parts.join('; '))}`;
    })
    .join('\n');
}

/** Names and reasons are text: nothing of them is markup. */
export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]|#]/g, (mark) => `\\${mark}`)
    .replaceAll(/\s*\n\s*/g, ' ');
