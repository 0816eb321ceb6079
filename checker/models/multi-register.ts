import { UsageError } from '../../core/errors.ts';
import { equalJson, isJsonList, isJsonObject, type Json } from '../../core/json.ts';
import type { Model, ModelOperation } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { dependentsOfMultiRegister } from '../linearizable/units-register.ts';
import { keyWords, shortJson, unknownOperation } from './words.ts';

/** What registers hold, by their names; those that hold null are left out. */
type Registers = ReadonlyMap<string, Json>;

interface MicroOperation {
  readonly f: 'read' | 'write';
  readonly register: string;
  readonly value: Json;
}

/**
 * Registers that are read and written several at once (Knossos' multi-register): `txn` with a list of `["read", "x", null]` and
 * `["write", "y", 2]`, or `r` and `w`, answers that list with the values read; null, where it reads nothing, will do as well. Each holds null
 * at first, or what an object of values gives. Registers that no transaction touches together are judged by themselves.
 */
export const multiRegister: Model<Registers> = {
  name: 'multi-register',
  initial: (given = null) => {
    if (given === null) return new Map();
    if (!isJsonObject(given)) {
      throw new UsageError(`registers begin as an object of their values, not as ${shortJson(given)}`);
    }
    const values = Object.entries(given).map(([name, value]): [string, Json] => [name, value ?? null]);
    return new Map(values.filter(([, value]) => value !== null));
  },
  step: (registers, operation) => {
    const asked = microOperations(operation);
    const answered = answersTo(asked, operation.result);
    if (answered === null) return null;
    let after = registers;
    for (const [i, { f, register, value }] of asked.entries()) {
      if (f === 'write') after = written(after, register, value);
      else if (!isRead(after.get(register), answered[i])) return null;
    }
    return after;
  },
  fingerprint: (registers) =>
    namesIn(registers)
      .map((name) => `${JSON.stringify(name)}:${canonicalJson(registers.get(name))}`)
      .join(),
  partition: (operation) => {
    const names = microOperations(operation).map(({ register }) => objectName(operation.key, register));
    return names.length === 0 ? [objectName(operation.key, '')] : names;
  },
  describe: (operation) => {
    const asked = microOperations(operation);
    const answered = answersTo(asked, operation.result) ?? [];
    const words = asked.map(({ f, register, value }, i) =>
      f === 'write'
        ? `write ${register} ${shortJson(value)}`
        : `read ${register} -> ${readWords(answered[i])}`,
    );
    return `${operation.f}${keyWords(operation.key)} [${words.join(', ')}]`;
  },
  describeState: (registers) =>
    `{${namesIn(registers)
      .map((name) => `${name}: ${shortJson(registers.get(name))}`)
      .join(', ')}}`,
  isPure: (operation) => microOperations(operation).every(({ f }) => f === 'read'),
  dependents: dependentsOfMultiRegister,
};

const fullNames = { read: 'read', r: 'read', write: 'write', w: 'write' } as const;
const isName = (f: Json | undefined): f is keyof typeof fullNames =>
  typeof f === 'string' && Object.hasOwn(fullNames, f);
const isRegister = (name: Json | undefined): name is string | number =>
  typeof name === 'string' || typeof name === 'number';

function microOperations(operation: ModelOperation): readonly MicroOperation[] {
  if (operation.f !== 'txn' || !isJsonList(operation.value)) throw unknownOf(operation);
  return operation.value.map((micro) => {
    if (!isJsonList(micro)) throw unknownOf(operation);
    const [f, register, value = null] = micro;
    if (!isName(f) || !isRegister(register)) throw unknownOf(operation);
    return { f: fullNames[f], register: String(register), value };
  });
}

/**
 * For each micro-operation what it answered; undefined where that is not known. Null: no answer that the transaction can give.
 */
function answersTo(
  asked: readonly MicroOperation[],
  result: Json | undefined,
): readonly (Json | undefined)[] | null {
  if (result === undefined) return asked.map(() => undefined);
  if (result === null) return asked.every(({ f }) => f === 'write') ? asked.map(() => null) : null;
  if (!isJsonList(result) || result.length !== asked.length) return null;
  const answers = result.map((micro, i) => answerTo(asked[i], micro));
  return answers.includes(undefined) ? null : answers;
}

/** What a micro-operation answered; undefined: it answered something else. */
function answerTo(asked: MicroOperation | undefined, answer: Json): Json | undefined {
  if (asked === undefined || !isJsonList(answer)) return undefined;
  const [f, register, value = null] = answer;
  if (!isName(f) || fullNames[f] !== asked.f) return undefined;
  if (!isRegister(register) || String(register) !== asked.register) return undefined;
  return asked.f === 'read' || equalJson(value, asked.value) ? value : undefined;
}

const isRead = (held: Json | undefined, answer: Json | undefined): boolean =>
  answer === undefined || equalJson(held ?? null, answer);

function written(registers: Registers, register: string, value: Json): Registers {
  if (equalJson(registers.get(register) ?? null, value)) return registers;
  const after = new Map(registers);
  if (value === null) after.delete(register);
  else after.set(register, value);
  return after;
}

const namesIn = (registers: Registers): string[] => [...registers.keys()].sort();

/** As JSON, like the names of other parts. */
const objectName = (key: Json, register: string): string =>
  JSON.stringify(key === null ? register : [key, register]);

const readWords = (answer: Json | undefined): string => (answer === undefined ? '?' : shortJson(answer));

const unknownOf = (operation: ModelOperation): Error =>
  unknownOperation(
    'multi-register',
    operation,
    'txn with a list of ["read", NAME, null] and ["write", NAME, VALUE]',
  );
