import type { ReportData } from '../report/report-data.ts';
import { button, choice, element } from './elements.ts';
import { axisKey } from './gestures.ts';
import { within, type Range, type TimeAxis } from './time-axis.ts';

interface Place {
  readonly name: string;
  readonly range: Range;
}

/** Buttons for what keys and pointer do, and places to go to. */
export function makeToolbar(data: ReportData, axis: TimeAxis, showCounterexample: () => void): HTMLElement {
  const places = placesOf(data, axis);
  const { root, select } = choice(
    'Go to',
    places.map(({ name }, index) => [String(index), name] as const),
  );
  select.append(element('option', { value: 'elsewhere', hidden: true }, '…'));
  select.addEventListener('change', () => {
    const place = places[Number(select.value)];
    if (place !== undefined) axis.show(place.range);
  });
  axis.onRange(() => {
    const { from, to } = axis.range();
    const index = places.findIndex(
      ({ range }) => Math.abs(range.from - from) < 1 && Math.abs(range.to - to) < 1,
    );
    select.value = index === -1 ? 'elsewhere' : String(index);
  });
  const key =
    (name: string): (() => void) =>
    () =>
      void axisKey(name, axis);
  const example = button('Counterexample', 'Show the counterexample in all views', showCounterexample);
  example.classList.add('primary');
  return element(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Time axis' },
    button('Whole run', 'Show the whole run (0)', key('0')),
    button('−', 'Zoom out (-)', key('-')),
    button('+', 'Zoom in (+)', key('+')),
    button('←', 'Earlier (left arrow)', key('ArrowLeft')),
    button('→', 'Later (right arrow)', key('ArrowRight')),
    root,
    ...(data.facts.counterexample === null ? [] : [example]),
  );
}

/** The whole run, its phases, and each fault with what came before and after. */
function placesOf({ facts }: ReportData, axis: TimeAxis): readonly Place[] {
  const phases = facts.phases
    .filter(({ from, to }) => to > from)
    .map(({ name, from, to }) => ({ name: `phase ${name}`, range: { from, to } }));
  const faults = facts.faults.map((fault) => {
    const outage = facts.outages.find((each) => each.fault === fault.id);
    const from = fault.effect ?? fault.begin;
    const back = outage?.back ?? outage?.recovered ?? from;
    const margin = Math.max((back - from) * 0.5, facts.end * 0.005);
    return { name: `${fault.id} ${fault.name}`, range: { from: from - margin, to: back + 2 * margin } };
  });
  return [{ name: 'the whole run', range: axis.whole }, ...faults, ...phases].map(({ name, range }) => ({
    name,
    range: within(range, axis.whole),
  }));
}
