/** The logging channel at one replica (Somersault §3.2, §3.5): what it has received or made, what it keeps for others, and who gets it. */
import { assert } from '../../core/assert.ts';
import type { MemberId } from '../../core/ids.ts';
import type { LayerPort } from '../layer.ts';
import type { LogRecord, MessageOf } from '../messages.ts';
import type { Follower } from './followers.ts';

/** Received log is acknowledged by the next beat, and at once after so many records. */
const ackEvery = 16;

export interface LogOptions {
  readonly port: LayerPort;
  /** The number of the view. */
  readonly view: () => number;
  readonly isFanOut: boolean;
  readonly isPrimary: () => boolean;
}

export class Log {
  private readonly options: LogOptions;
  /** The last number received, or given by the primary; and the last of a record that followers were given too. */
  received = 0;
  private logged = 0;
  /** The last number consumed. */
  consumed = 0;
  /** Every replica has everything up to here. */
  stable = 0;
  /** Received and not consumed. */
  todo: LogRecord[] = [];
  /** What some replica may lack. */
  private retained: LogRecord[] = [];
  private acknowledged = 0;
  /** Whom the log comes from; null: it begins here. */
  predecessor: MemberId | null = null;
  followers = new Map<MemberId, Follower>();

  constructor(options: LogOptions) {
    this.options = options;
  }

  /** From the one before: the next record, or one that is here already. */
  receive(record: LogRecord): void {
    if (record.lsn <= this.received) return;
    assert(record.lsn === this.received + 1, 'the log has no gaps');
    this.received = record.lsn;
    this.todo.push(record);
    this.retain(record);
  }

  /** The primary's own: kept, and down the line. */
  append(record: LogRecord): void {
    this.retain(record);
    this.forward([record]);
  }

  private retain(record: LogRecord): void {
    this.logged = record.lsn;
    const { isFanOut, isPrimary } = this.options;
    const isWanted = [...this.followers.values()].some(({ phase }) => phase !== 'transfer');
    if (isWanted || (isFanOut && !isPrimary())) this.retained.push(record);
  }

  forward(records: readonly LogRecord[]): void {
    for (const { id, phase } of this.followers.values()) if (phase === 'full') this.send(id, records);
  }

  private send(to: MemberId, records: readonly LogRecord[]): void {
    const { port, view } = this.options;
    port.send(to, { kind: 'log', v: view(), records, stable: this.stable });
  }

  /** What is kept of everything later than this. */
  after(lsn: number): LogRecord[] {
    return this.retained.filter((record) => record.lsn > lsn);
  }

  /** Goes on with a follower that has state, from where its log ends. */
  resume(follower: Follower): void {
    const end = follower.reported ?? 0;
    follower.phase = 'full';
    const records = this.after(end);
    assert((records[0]?.lsn ?? this.logged + 1) === end + 1, 'what a follower lacks is kept');
    if (records.length > 0 || this.options.isFanOut) this.send(follower.id, records);
  }

  /** Who has what may have moved: of a chain the next one speaks for all behind it, of a fan-out the primary knows each. */
  settle(): void {
    const { isFanOut, isPrimary } = this.options;
    if (isFanOut && !isPrimary()) return;
    const behind = [...this.followers.values()].filter(({ phase }) => phase !== 'transfer');
    this.advance(Math.min(this.received, ...behind.map(({ received }) => received)));
  }

  advance(stable: number): void {
    if (stable <= this.stable) return;
    this.stable = stable;
    let gone = 0;
    while (gone < this.retained.length && (this.retained[gone] as LogRecord).lsn <= stable) gone++;
    this.retained.splice(0, gone);
  }

  /** Another one comes before. */
  follow(predecessor: MemberId | null): void {
    this.predecessor = predecessor;
    this.acknowledged = 0;
  }

  /** Up the line: in a chain what everybody behind has too, in a fan-out what is here. */
  acknowledge(now: boolean): void {
    const { port, view, isFanOut } = this.options;
    if (this.predecessor === null) return;
    const upTo = isFanOut ? this.received : this.stable;
    const news = upTo - this.acknowledged;
    if (news === 0 || (!now && news < ackEvery)) return;
    this.acknowledged = upTo;
    port.send(this.predecessor, { kind: 'log-ack', v: view(), upTo });
  }

  /** For a joiner: it is then where this replica is. */
  state(): Pick<MessageOf<'hand-over'>, 'consumed' | 'received' | 'pending' | 'retained' | 'stable'> {
    const { consumed, received, stable } = this;
    return { consumed, received, pending: [...this.todo], retained: [...this.retained], stable };
  }

  restore({ consumed, received, pending, retained, stable }: ReturnType<Log['state']>): void {
    Object.assign(this, { consumed, received, stable, logged: received });
    this.todo = [...pending];
    this.retained = [...retained];
  }
}
