/** report.html as the built program writes it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as ReportHtml from '../../results/report/report-html.ts';
import { distPath } from '../processes.ts';
import { syntheticRun, type SyntheticOptions } from './synthetic.ts';

/** Of a run that never was; its path. */
export async function writeSynthetic(folder: string, options: SyntheticOptions): Promise<string> {
  const { reportHtml } = (await import(distPath('results/report/report-html.js'))) as typeof ReportHtml;
  const path = join(folder, `${options.verdict}-${options.count}.html`);
  writeFileSync(path, reportHtml(syntheticRun(options)));
  return path;
}
