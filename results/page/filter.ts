import { outcomes, type ReportData } from '../report/report-data.ts';
import { choice, element } from './elements.ts';
import { countText } from './ticks.ts';

/** Which operations are shown: a byte for each row, 1 where it passes. */
export interface Filter {
  readonly root: HTMLElement;
  readonly passes: Uint8Array;
  readonly onChange: (listener: () => void) => void;
}

/** In the place of a number: all of them pass. */
const any = -1;
/** A list to choose from is usable up to here; above, one types. */
const choicesMax = 200;

interface Wanted {
  kind: number;
  key: number;
  outcome: number;
  client: number;
}

export function makeFilter({ facts, columns }: ReportData): Filter {
  const passes = new Uint8Array(columns.count).fill(1);
  const wanted: Wanted = { kind: any, key: any, outcome: any, client: any };
  const listeners: (() => void)[] = [];
  const told = element('output', { class: 'filter-count' });
  const change = (): void => {
    const shown = applyFilter(passes, columns, wanted);
    told.textContent =
      shown === columns.count
        ? `all ${countText(shown)} operations`
        : `${countText(shown)} of ${countText(columns.count)} operations`;
    for (const listener of listeners) listener();
  };
  const control = (label: string, field: keyof Wanted, names: readonly string[]): HTMLElement =>
    pick(label, names, (number) => {
      wanted[field] = number;
      change();
    });
  const root = element(
    'div',
    { class: 'filters', role: 'group', 'aria-label': 'Which operations are shown' },
    control('Kind', 'kind', facts.kinds),
    control('Outcome', 'outcome', outcomes),
    control('Key', 'key', facts.keys),
    control('Client', 'client', facts.clients),
    told,
  );
  change();
  return { root, passes, onChange: (listener) => listeners.push(listener) };
}

function applyFilter(passes: Uint8Array, columns: ReportData['columns'], wanted: Wanted): number {
  const { kind, key, outcome, client } = columns;
  let shown = 0;
  for (let row = 0; row < columns.count; row++) {
    const passing =
      (wanted.kind === any || kind[row] === wanted.kind) &&
      (wanted.key === any || key[row] === wanted.key) &&
      (wanted.outcome === any || outcome[row] === wanted.outcome) &&
      (wanted.client === any || client[row] === wanted.client);
    passes[row] = passing ? 1 : 0;
    if (passing) shown++;
  }
  return shown;
}

function pick(label: string, names: readonly string[], chosen: (number: number) => void): HTMLElement {
  if (names.length > choicesMax) return typed(label, names, chosen);
  const options = names
    .map((name, number) => [String(number), name === '' ? '(none)' : name] as const)
    .sort(([, a], [, b]) => a.localeCompare(b, 'en', { numeric: true }));
  const { root, select } = choice(label, [[String(any), 'all'], ...options]);
  select.addEventListener('change', () => chosen(Number(select.value)));
  return root;
}

function typed(label: string, names: readonly string[], chosen: (number: number) => void): HTMLElement {
  const input = element('input', { type: 'search', size: 8, placeholder: 'all' });
  const numbers = new Map(names.map((name, number) => [name, number]));
  input.addEventListener('input', () => {
    const name = input.value.trim();
    const number = name === '' ? any : numbers.get(name);
    input.setAttribute('aria-invalid', String(number === undefined));
    input.title = number === undefined ? `there is no ${label.toLowerCase()} ${name}` : '';
    if (number !== undefined) chosen(number);
  });
  return element('label', { class: 'choice' }, element('span', {}, label), input);
}
