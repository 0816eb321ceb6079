import { problemsOf, type SuiteReport } from './suite-report.ts';

/**
 * Workflow commands by which GitHub Actions shows what is wrong beside a change
 * [docs.github.com/actions: workflow commands, "Setting an error message"; escapes as in @actions/toolkit, command.ts].
 */
export const annotationsOf = (report: SuiteReport): string =>
  problemsOf(report)
    .map(({ id, status, reason, command }) => {
      const level = status === 'unknown' ? 'warning' : 'error';
      return `::${level} title=${escapedProperty(`ftcheck ${status}: ${id}`)}::${escapedData(`${reason}\n${command}`)}\n`;
    })
    .join('');

const escapedData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapedProperty = (text: string): string =>
  escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
