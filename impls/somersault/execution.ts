/** One execution of the application, which stops wherever it needs a choice that is not known yet (Somersault §3.2, §3.4). */
import type { Json } from '../../core/json.ts';
import type { AppStates, Choice } from '../apps/app.ts';
import type { LogRecord } from '../messages.ts';
import type { Outcome, UnitApp, UnitInput } from './unit-app.ts';

export type Consumable = Extract<LogRecord, { type: 'in' | 'timer' }>;

export const inputOf = (record: Consumable): UnitInput =>
  record.type === 'timer'
    ? { type: 'timer', name: record.name }
    : { type: record.input, peer: record.peer, ep: record.ep, n: record.n, body: record.body };

export class Execution {
  readonly record: Consumable;
  /** Made here and now from an event, not read from the log. */
  readonly live: boolean;
  readonly choices: Json[] = [];
  private readonly steps: Generator<Choice, Outcome, Json>;
  private wanted: Choice | null = null;
  private begun = false;

  constructor(record: Consumable, live: boolean, app: UnitApp, states: AppStates) {
    this.record = record;
    this.live = live;
    this.steps = app.consume(inputOf(record), states);
  }

  /** Goes on as far as the choices reach. Null: `decide` does not know a choice yet; to be called again. */
  run(decide: (choice: Choice) => Json | undefined): Outcome | null {
    let step: IteratorResult<Choice, Outcome> | null = null;
    if (!this.begun) {
      this.begun = true;
      step = this.steps.next();
    }
    for (;;) {
      if (step?.done === true) return step.value;
      if (step !== null) this.wanted = step.value;
      const choice = this.wanted as Choice;
      const value = decide(choice);
      if (value === undefined) return null;
      this.choices.push(value);
      step = this.steps.next(value);
    }
  }
}
