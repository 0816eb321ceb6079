import { join } from 'node:path';
import { isJsonList, isJsonObject, type Json } from '../../core/json.ts';
import { runFiles } from '../run-directory.ts';
import { firstSentence } from '../summary.ts';
import type { VerdictFile } from '../verdict-schema.ts';
import { messagesAround } from './messages.ts';
import type { Counterexample, OperationColumns, ReportFacts, WitnessOperation } from './report-data.ts';
import { requestsIn, type NamedRequests } from './requests.ts';
import { neverTick, outcomes } from './report-data.ts';
import type { OperationRows } from './operation-rows.ts';

interface WitnessInput {
  readonly runDir: string;
  readonly verdict: VerdictFile;
  readonly rows: OperationRows;
  readonly columns: OperationColumns;
  readonly facts: Omit<ReportFacts, 'counterexample'>;
}

type Property = VerdictFile['properties'][string];

const operationsMax = 40;
const violationsMax = 6;

/** What proves the verdict `invalid`; null for any other verdict. */
export function counterexampleOf(input: WitnessInput): Counterexample | null {
  const broken = brokenProperties(input.verdict);
  const [first] = broken;
  if (first === undefined) return null;
  const [name, property] = first;
  const found = requestsIn(join(input.runDir, runFiles.history), {
    invokedNs: new Set(witnessTimes(property)),
    requests: new Set(textsIn(property).flatMap(requestNames)),
    rows: input.rows,
  });
  const operations = operationsOf(found, input);
  const messages = messagesAround(input, operations, found, membersIn(textsIn(property)));
  const times = [
    ...operations.flatMap(({ invoked, completed }) => [invoked, completed ?? invoked]),
    ...messages.flatMap(({ sent, received }) => [sent, received ?? sent]),
  ];
  return {
    property: name,
    words: wordsOf(property, broken.slice(1)),
    key: keyOf(property['key']),
    operations,
    from: times.reduce((least, time) => Math.min(least, time), input.facts.end),
    to: times.reduce((most, time) => Math.max(most, time), 0),
    lines: linesOf(
      operations,
      messages.flatMap(({ from, to }) => [from, to]),
    ),
    messages,
  };
}

/** What clients saw comes first, since it needs no faith in what nodes say of themselves. */
function brokenProperties({ properties }: VerdictFile): (readonly [string, Property])[] {
  const broken = Object.entries(properties as Readonly<Record<string, Property>>).filter(
    ([, { verdict }]) => verdict === 'invalid',
  );
  const isSeen = ([, property]: readonly [string, Property]): boolean =>
    isJsonList(property['operations']) && property['operations'].length > 0;
  return [...broken.filter(isSeen), ...broken.filter((each) => !isSeen(each))];
}

/** The reason in paragraphs, or what it is a summary of; then what else is broken. */
function wordsOf(property: Property, others: readonly (readonly [string, Property])[]): string[] {
  const violations = stringsIn(property['violations']);
  return [
    ...(violations.length > 0 ? violationParagraphs(violations) : paragraphsOf(property.reason)),
    ...others.map(([name, { reason }]) => `Broken, too: ${name}: ${firstSentence(reason)}`),
  ];
}

/** What contradicts what; what it means, step by step; how much of the history that takes. */
function paragraphsOf(reason: string): string[] {
  const sentences = reason.split(/(?<=\.) (?=[A-Z])/);
  const size = sentences.findIndex((sentence) => sentence.startsWith('This takes'));
  const until = size < 0 ? sentences.length : size;
  return [sentences.slice(0, 1), sentences.slice(1, until), sentences.slice(until)]
    .map((paragraph) => paragraph.join(' '))
    .filter((paragraph) => paragraph !== '');
}

function violationParagraphs(violations: readonly string[]): string[] {
  const more = violations.length - violationsMax;
  return [
    ...violations.slice(0, violationsMax),
    ...(more > 0 ? [`And ${more} more; verdict.json lists them.`] : []),
  ];
}

const stringsIn = (value: unknown): string[] =>
  isJsonList(value) ? value.filter((item) => typeof item === 'string') : [];

const textsIn = (property: Property): string[] => [property.reason, ...stringsIn(property['violations'])];

/** `c1/1/17`: client, epoch, sequence. */
const requestNames = (text: string): string[] => text.match(/\b[a-z]+\d+\/\d+\/\d+\b/g) ?? [];

/** `n1.0` */
const membersIn = (texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap((text) => text.match(/\bn[1-9]\d*\.\d+\b/g) ?? [])),
];

/** When the operations of the smallest history that is still wrong were invoked. */
function witnessTimes(property: Property): number[] {
  const operations = property['operations'];
  if (!isJsonList(operations)) return [];
  return operations
    .map((operation: Json) => (isJsonObject(operation) ? operation['invoked'] : null))
    .filter((invoked) => typeof invoked === 'number');
}

function keyOf(key: unknown): string | null {
  if (typeof key !== 'string') return null;
  try {
    const value: unknown = JSON.parse(key);
    return typeof value === 'string' ? value : key;
  } catch {
    return key;
  }
}

function operationsOf(found: NamedRequests, { columns, facts }: WitnessInput): WitnessOperation[] {
  return [...found.keys()]
    .sort((a, b) => a - b)
    .slice(0, operationsMax)
    .map((row) => {
      const completed = columns.completed[row] ?? neverTick;
      return {
        row,
        client: facts.clients[columns.client[row] ?? 0] ?? '',
        words: operationWords(row, columns, facts),
        invoked: columns.invoked[row] ?? 0,
        completed: completed === neverTick ? null : completed,
        outcome: outcomes[columns.outcome[row] ?? 2] ?? 'info',
      };
    });
}

/** `write x 3 → ok` */
export function operationWords(
  row: number,
  columns: OperationColumns,
  { kinds, keys, texts }: Pick<ReportFacts, 'kinds' | 'keys' | 'texts'>,
): string {
  const textAt = (number: number | undefined): string => texts[number ?? -1] ?? '';
  const outcome = outcomes[columns.outcome[row] ?? 2] ?? 'info';
  const result = textAt(columns.result[row]);
  const argument = textAt(columns.argument[row]);
  // What was asked without an argument was asked for its answer, which may be nothing.
  const answer = result !== '' ? result : argument === '' ? 'null' : 'ok';
  const end = outcome === 'ok' ? answer : [outcome === 'info' ? '?' : outcome, result].join(' ').trim();
  const asked = [kinds[columns.kind[row] ?? 0], keys[columns.key[row] ?? 0], argument].filter(
    (part) => part !== undefined && part !== '',
  );
  return `${asked.join(' ')} → ${end}`;
}

/** Clients in order of their first operation, then members, each once. */
function linesOf(operations: readonly WitnessOperation[], ends: readonly string[]): string[] {
  const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
  const clients = new Set(operations.map(({ client }) => client));
  const others = [...new Set(ends)].filter((name) => !clients.has(name)).sort(byName);
  const isMember = (name: string): boolean => /^n[1-9]\d*\.\d+$/.test(name);
  return [...clients, ...others.filter((name) => !isMember(name)), ...others.filter(isMember)];
}
