import { UsageError } from '../../core/errors.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { Model, ModelOperation } from '../../core/model.ts';
import { keyWords, resultWords, shortJson, unknownOperation } from './words.ts';

type Balances = ReadonlyMap<string, number>;

interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/**
 * A bank for each key (Jepsen's): `transfer {from, to, amount}` answers null or true, or false where the balance did not suffice and nothing
 * happened; `read` answers the balance of every account, as an object. It has the accounts and balances that it is given at first, and no
 * others ever.
 */
export const bank: Model<Balances> = {
  name: 'bank',
  initial: (given = null) => {
    const balances = given === null ? new Map<string, number>() : balancesIn(given);
    if (balances !== null) return balances;
    throw new UsageError(`a bank begins as an object of whole balances, not as ${shortJson(given)}`);
  },
  step: (balances, operation) => {
    const { f, result } = operation;
    if (f === 'read') return result === undefined || isRead(balances, result) ? balances : null;
    const transfer = transferOf(operation);
    const suffices = balanceOf(balances, transfer.from) >= transfer.amount;
    balanceOf(balances, transfer.to);
    if (result !== undefined && result !== suffices && (result !== null || !suffices)) return null;
    return suffices ? afterTransfer(balances, transfer) : balances;
  },
  fingerprint: (balances) => [...balances.values()].join(),
  partition: 'key',
  describe: (operation) => {
    const { f, key } = operation;
    if (f === 'read') return `${f}${keyWords(key)} -> ${resultWords(operation)}`;
    const { from, to, amount } = transferOf(operation);
    return `${f}${keyWords(key)} ${amount} from ${from} to ${to} -> ${resultWords(operation)}`;
  },
  describeState: (balances) =>
    `{${Array.from(balances, ([name, balance]) => `${name}: ${balance}`).join(', ')}}`,
  isPure: (operation) => {
    if (operation.f === 'read' || operation.result === false) return true;
    const { from, to, amount } = transferOf(operation);
    return from === to || amount === 0;
  },
};

function balancesIn(given: Json): Map<string, number> | null {
  if (!isJsonObject(given)) return null;
  const balances = new Map<string, number>();
  for (const [name, balance] of Object.entries(given)) {
    if (typeof balance !== 'number' || !Number.isSafeInteger(balance)) return null;
    balances.set(name, balance);
  }
  return balances;
}

function transferOf(operation: ModelOperation): Transfer {
  const { f, value } = operation;
  if (f !== 'transfer' || !isJsonObject(value)) throw unknownOf(operation);
  const { from, to, amount } = value;
  if (!isName(from) || !isName(to)) throw unknownOf(operation);
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 0) throw unknownOf(operation);
  return { from: String(from), to: String(to), amount };
}

const isName = (name: Json | undefined): name is string | number =>
  typeof name === 'string' || typeof name === 'number';

function balanceOf(balances: Balances, account: string): number {
  const balance = balances.get(account);
  if (balance !== undefined) return balance;
  const known = balances.size === 0 ? 'none' : [...balances.keys()].join(', ');
  throw new UsageError(
    `there is a transfer with account ${account}, but the bank began with ${known}: say what it held at first`,
  );
}

const isRead = (balances: Balances, result: Json): boolean =>
  isJsonObject(result) &&
  Object.keys(result).length === balances.size &&
  Array.from(balances).every(([name, balance]) => Object.hasOwn(result, name) && result[name] === balance);

/** Accounts keep their places, so that balances alone tell states apart. */
function afterTransfer(balances: Balances, { from, to, amount }: Transfer): Balances {
  if (from === to || amount === 0) return balances;
  const after = new Map(balances);
  after.set(from, (balances.get(from) ?? 0) - amount);
  after.set(to, (balances.get(to) ?? 0) + amount);
  return after;
}

const unknownOf = (operation: ModelOperation): Error =>
  unknownOperation('bank', operation, 'transfer {"from": NAME, "to": NAME, "amount": N} and read');
