import { OnlineCheck } from '../harness/online-check.ts';
import type { Plan } from '../core/plan.ts';
import { checkerEntry } from './entries.ts';
import { failFastReason } from './fail-fast-reason.ts';

/** A signal that ends a run when the user interrupts it, and at its first violation, for as long as it is not disposed. */
export function failFastSignal(input: {
  readonly plan: Plan;
  readonly runDir: string;
  readonly user: AbortSignal;
  readonly onViolation: (key: string) => void;
}): AsyncDisposable & { readonly signal: AbortSignal } {
  const { plan, runDir, user, onViolation } = input;
  const controller = new AbortController();
  const interrupt = (): void => controller.abort(user.reason);
  user.addEventListener('abort', interrupt);
  if (user.aborted) interrupt();
  const check = new OnlineCheck({
    entry: checkerEntry(),
    runDir,
    memoryMb: plan.checkerLimits.memoryMb,
    onViolation: (key) => {
      onViolation(key);
      controller.abort(failFastReason);
    },
  });
  return {
    signal: controller.signal,
    [Symbol.asyncDispose]: async () => {
      user.removeEventListener('abort', interrupt);
      await check[Symbol.asyncDispose]();
    },
  };
}
