import type { TimedOperation } from '../../core/model.ts';
import { isGrant, tokenOf } from '../models/lock-operations.ts';
import type { Dependents } from './units.ts';
import { makeUses, timesOf, type Uses } from './units-uses.ts';

/** From the acquire that was given a token to its release, and those who read it. */
interface Hold {
  readonly members: number[];
  /** When it can have begun, and when it had ended. */
  from: number;
  until: number;
  isGranted: boolean;
}

/**
 * For locks: what was done with one token goes together, as if it had never been given, with the acquires that were refused and may have been
 * because of it. An acquire without an answer may have been given any token that no other acquire was, or one that nobody ever saw, for good.
 */
export function dependentsOfLock(operations: readonly TimedOperation[]): Dependents {
  const { holds, refused, firstOpen } = holdsIn(operations);
  const dependents: (readonly number[] | null)[] = operations.map(() => none);
  const ungranted: number[] = [];
  for (const { members, from, until, isGranted } of holds.values()) {
    const group = dependents.length;
    const all = [...members];
    refused.eachBetween(0, isGranted ? from : firstOpen, until, (operation) => all.push(operation));
    dependents.push(all);
    if (!isGranted) ungranted.push(group);
    for (const member of members) if (operations[member]?.f !== 'read') dependents[member] = [group];
  }
  const open = dependents.length;
  const all = [...ungranted];
  refused.eachBetween(0, firstOpen, Infinity, (operation) => all.push(operation));
  dependents.push(all);
  for (const [number, { f, result }] of operations.entries()) {
    if (f === 'acquire' && result === undefined) dependents[number] = [open];
  }
  return dependents;
}

const none: readonly number[] = [];

function holdsIn(operations: readonly TimedOperation[]): {
  readonly holds: ReadonlyMap<number, Hold>;
  readonly refused: Uses;
  /** The first call of an acquire without an answer. */
  readonly firstOpen: number;
} {
  const holds = new Map<number, Hold>();
  const refused: number[] = [];
  let firstOpen = Infinity;
  const holdOf = (token: number, member: number): Hold => {
    let hold = holds.get(token);
    if (hold === undefined) {
      holds.set(token, (hold = { members: [], from: Infinity, until: Infinity, isGranted: false }));
    }
    hold.members.push(member);
    return hold;
  };
  for (const [operation, timed] of operations.entries()) {
    const { f, called, returned, result } = timed;
    if (f === 'release') {
      if (result === false) continue;
      const hold = holdOf(tokenOf(timed), operation);
      hold.until = Math.min(hold.until, returned);
    } else if (isGrant(result)) {
      const hold = holdOf(result.token, operation);
      if (f !== 'acquire') continue;
      hold.isGranted = true;
      hold.from = Math.min(hold.from, called);
    } else if (f === 'acquire') {
      if (result === null) refused.push(operation);
      else if (result === undefined) firstOpen = Math.min(firstOpen, called);
    }
  }
  const things = refused.map(() => 0);
  return { holds, refused: makeUses(refused, things, 1, timesOf(operations)), firstOpen };
}
