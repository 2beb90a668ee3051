import { isOverBoxBudget } from './box-budget.ts';
import { isOverPacketBudgetInSteps } from './packet-budget.ts';
import { allAtOnce, type Steps } from './steps.ts';

/** Whether unencrypted media takes more work to read than real media, in any container. */
export function isOverMediaBudget(bytes: Uint8Array): boolean {
  return allAtOnce(isOverMediaBudgetInSteps(bytes));
}

/** As {@link isOverMediaBudget}, for media that may be large. */
export function* isOverMediaBudgetInSteps(bytes: Uint8Array): Steps<boolean> {
  return isOverBoxBudget(bytes) || (yield* isOverPacketBudgetInSteps(bytes));
}
