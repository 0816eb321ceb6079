/** `import { check, models } from 'ftcheck/checker'`: the checker for tests of your own, without a run; docs/CHECKER.md describes it. */
export type { Json, JsonObject } from '../core/json.ts';
export type { Model, ModelOperation } from '../core/model.ts';
export {
  check,
  type CheckOptions,
  type CheckResult,
  type HistoryEntry,
  type PlacedOperation,
} from './check-history.ts';
export type { Coverage } from './history/coverage.ts';
export { matchers, type MatcherResult } from './matchers.ts';
export { models } from './models/models.ts';
export { recordHistory, type Asked, type Call, type HistoryRecord } from './record-history.ts';
