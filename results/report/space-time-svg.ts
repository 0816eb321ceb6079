import { plural } from '../units-text.ts';
import { inForce } from './faults-in-force.ts';
import { html, type Html } from './html.ts';
import type { Counterexample, Message, ReportFacts, WitnessOperation } from './report-data.ts';
import { eventScale, type Scale } from './time-scale.ts';

const width = 960;
const left = 96;
const right = width - 24;
const top = 40;
const laneHeight = 46;
const barHeight = 16;
/** What the diagram shows; the table beside it lists all. */
const barsMax = 24;
const ticksShownMax = 9;

/**
 * Lifelines from top to bottom, time to the right, operations as bars with the numbers of the table, messages as arrows, what one member did as
 * dots, faults behind them. Stretches in which nothing happens are drawn shorter than they were.
 */
export function spaceTimeSvg(counterexample: Counterexample, facts: ReportFacts): Html {
  const { lines, messages } = counterexample;
  const operations = counterexample.operations.slice(-barsMax);
  const firstNumber = counterexample.operations.length - operations.length + 1;
  const times = timesOf(operations, messages, facts, counterexample);
  const x = eventScale(times, left, right);
  const bottom = top + lines.length * laneHeight;
  const y = (line: string): number => top + (lines.indexOf(line) + 0.5) * laneHeight;
  const summary = `${plural(operations.length, 'operation')} and ${plural(messages.length, 'event')} on ${plural(lines.length, 'lifeline')}`;
  return html`<svg
    class="plot"
    role="img"
    viewBox="0 0 ${width} ${bottom + 34}"
    aria-labelledby="space-time-title"
  >
    <title id="space-time-title">Space-time diagram: ${summary}</title>
    <defs>
      <pattern
        id="hatch-witness"
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
      </pattern>
      <marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path class="arrow-head" d="M0,0.8L8,4L0,7.2Z" />
      </marker>
    </defs>
    ${faultBands(facts, x, bottom, [times[0] ?? 0, times.at(-1) ?? 0])}
    ${lines.map((line) => lifeline(line, y(line), facts, x, counterexample))}
    ${timeAxis(times, facts.tickNs, x, bottom)} ${messages.map((message) => messageMark(message, x, y))}
    ${operations.map((operation, i) => operationBar(operation, firstNumber + i, y(operation.client), x, counterexample.to))}
  </svg>`;
}

const fixed = (value: number): string => value.toFixed(1);

/** All that gets a place of its own; a little room at both ends. */
function timesOf(
  operations: readonly WitnessOperation[],
  messages: readonly Message[],
  { faults, end }: ReportFacts,
  { from, to }: Counterexample,
): number[] {
  const margin = Math.max(1, Math.ceil((to - from) / 50));
  const within = [from - margin, Math.min(end, to + margin)] as const;
  const inside = inForce(faults)
    .flatMap(({ effect, end: healed }) => [effect, healed])
    .filter((time) => time >= within[0] && time <= within[1]);
  return [
    ...within,
    ...inside,
    ...operations.flatMap(({ invoked, completed }) => [invoked, completed ?? invoked]),
    ...messages.flatMap(({ sent, received }) => [sent, received ?? sent]),
  ].sort((a, b) => a - b);
}

const faultBands = (
  { faults }: ReportFacts,
  x: Scale,
  bottom: number,
  [first, last]: readonly [number, number],
): Html[] =>
  inForce(faults)
    .map((fault) => ({
      fault,
      from: Math.max(first, fault.effect),
      to: Math.min(last, fault.end),
    }))
    .filter(({ from, to }) => from < to)
    .map(({ fault, from, to }) => {
      const place = { x: fixed(x(from)), across: fixed(x(to) - x(from)), high: bottom - top + 8 };
      return html`<g>
        <title>${fault.id} ${fault.name} on ${fault.targets.join(', ')} in force</title>
        <rect
          class="fault-band"
          x="${place.x}"
          y="${top - 8}"
          width="${place.across}"
          height="${place.high}"
        />
        <rect
          fill="url(#hatch-witness)"
          x="${place.x}"
          y="${top - 8}"
          width="${place.across}"
          height="${place.high}"
        />
        <text class="label" x="${fixed(x(from) + 2)}" y="${top - 13}"
          >${fault.id} ${fault.name} on ${fault.targets.join(', ')}</text
        >
      </g>`;
    });

/** A member's line lasts as long as the member; under it stand the roles that it said it played. */
function lifeline(
  line: string,
  y: number,
  { nodes }: ReportFacts,
  x: Scale,
  { from, to }: Counterexample,
): Html {
  const lane = nodes.find(({ members }) => members.some(({ name }) => name === line));
  const life = lane?.members.find(({ name }) => name === line);
  const [begin, end] = life === undefined ? [left, right] : [x(life.from), x(life.to)];
  const roles = (lane?.roles ?? []).filter(
    (role) =>
      life !== undefined &&
      role.from >= life.from &&
      role.from < life.to &&
      role.from <= to &&
      role.to >= from,
  );
  return html`<g>
    <text class="line-name" x="${left - 10}" y="${fixed(y + 4)}" text-anchor="end">${line}</text>
    <line class="lifeline" x1="${fixed(begin)}" x2="${fixed(end)}" y1="${fixed(y)}" y2="${fixed(y)}" />
    ${
      life === undefined || life.to > to
        ? null
        : html`<path class="life-end" d="M${fixed(end - 4)},${fixed(y - 4)}l8,8m0,-8l-8,8"
            ><title>${line} ended</title></path
          >`
    }
    ${roles.map(
      (role) =>
        html`<text class="role" x="${fixed(x(Math.max(role.from, from)) + 3)}" y="${fixed(y + 16)}"
          >${role.name}</text
        >`,
    )}
  </g>`;
}

function timeAxis(times: readonly number[], tickNs: number, x: Scale, bottom: number): Html {
  const least = (right - left) / ticksShownMax;
  const shown: number[] = [];
  for (const time of times) {
    const last = shown.at(-1);
    if (last === undefined || x(time) - x(last) >= least) shown.push(time);
  }
  return html`<g>
    ${shown.map(
      (time) =>
        html`<line
            class="axis"
            x1="${fixed(x(time))}"
            x2="${fixed(x(time))}"
            y1="${bottom}"
            y2="${bottom + 5}"
          /><text class="label" x="${fixed(x(time))}" y="${bottom + 19}" text-anchor="middle">
            ${((time * tickNs) / 1e9).toFixed(4)} s
          </text>`,
    )}
  </g>`;
}

function messageMark(
  { from, to, sent, received, words }: Message,
  x: Scale,
  y: (line: string) => number,
): Html {
  if (from === to) {
    return html`<circle class="event" cx="${fixed(x(sent))}" cy="${fixed(y(from))}" r="4"
      ><title>${words}</title></circle
    >`;
  }
  if (received === null) {
    const halfway = (y(from) + y(to)) / 2;
    return html`<g class="lost">
      <title>${words}; it did not arrive</title>
      <line x1="${fixed(x(sent))}" y1="${fixed(y(from))}" x2="${fixed(x(sent) + 8)}" y2="${fixed(halfway)}" />
      <path d="M${fixed(x(sent) + 4)},${fixed(halfway - 4)}l8,8m0,-8l-8,8" />
    </g>`;
  }
  // Not up to the line itself, on which a bar may lie.
  const towards = Math.sign(y(to) - y(from)) * 5;
  return html`<line
    class="message"
    marker-end="url(#arrow)"
    x1="${fixed(x(sent))}"
    y1="${fixed(y(from))}"
    x2="${fixed(x(received))}"
    y2="${fixed(y(to) - towards)}"
    ><title>${words}</title></line
  >`;
}

/** Without a completion it stays open to the right. */
function operationBar(
  { words, invoked, completed, outcome, client }: WitnessOperation,
  number: number,
  y: number,
  x: Scale,
  to: number,
): Html {
  const from = x(invoked);
  const end = completed === null ? x(to) : x(completed);
  const across = Math.max(14, end - from);
  // Text goes to where there is more room.
  const isLeft = from < (left + right) / 2;
  return html`<g>
    <title>${number}: ${client}: ${words}</title>
    <rect
      class="operation ${outcome}"
      x="${fixed(from)}"
      y="${fixed(y - barHeight / 2)}"
      width="${fixed(across)}"
      height="${barHeight}"
      rx="3"
    />
    <text class="number" x="${fixed(from + 4)}" y="${fixed(y + 4)}">${number}</text>
    <text
      class="operation-words"
      x="${fixed(isLeft ? from : from + across)}"
      y="${fixed(y - barHeight / 2 - 3)}"
      text-anchor="${isLeft ? 'start' : 'end'}"
    >
      ${number} ${shortened(words)}
    </text>
  </g>`;
}

const shortened = (words: string): string => (words.length <= 40 ? words : `${words.slice(0, 39)}…`);
