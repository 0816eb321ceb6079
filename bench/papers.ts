/** Beside the laws of the Somersault paper: latency and throughput of recovery units, and whether units disturb each other. */
import { shown } from './numbers.ts';
import { benchOptions } from './options.ts';
import { addedByProxy } from './papers-delay.ts';
import { latencySection } from './papers-latency.ts';
import { throughputSection } from './papers-throughput.ts';
import { unitsSection } from './papers-units.ts';
import { circumstances, publish } from './report.ts';

const script = 'bench:papers';
const options = benchOptions({ rounds: 3, seconds: 4 }, { t: '20,50,100', s: '20,50,100', operations: '6' });
const header = circumstances(script, options);
const delaysMs = options.positives('t');
const servicesMs = options.positives('s');
const operations = options.positive('operations');

const added: string[] = [];
for (const t of delaysMs) added.push(`${shown(await addedByProxy(t), 2)} ms at t = ${t} ms`);
const latency = await latencySection({ delaysMs, servicesMs, rounds: options.rounds, operations });
const throughput = await throughputSection(options.rounds, options.seconds);
const units = await unitsSection(options.rounds, options.seconds);

publish(
  script,
  options,
  [
    header,
    `- round trips: medians of ${options.rounds * operations}, one client, a request that does nothing; t is set in the link proxies for all links, s at every node`,
    `- a link proxy adds to t, for one direction (median): ${added.join(', ')}. Timers count whole milliseconds, those of the processing`,
    '  time too. Nothing of it is subtracted',
    '- goal: within 5 % of the law',
    '',
    latency,
    '',
    throughput,
    '',
    units,
  ].join('\n'),
);
