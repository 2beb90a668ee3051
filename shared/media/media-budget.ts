import { isOverBoxBudget } from './box-budget.ts';
import { isOverPacketBudgetInSteps } from './packet-budget.ts';
import { allAtOnce, type Steps } from './steps.ts';

/** Whether media in the clear is more work to read than media ever is, in whichever container. */
export function isOverMediaBudget(bytes: Uint8Array): boolean {
  return allAtOnce(isOverMediaBudgetInSteps(bytes));
}

/** As {@link isOverMediaBudget}, for media that may be large. */
export function* isOverMediaBudgetInSteps(bytes: Uint8Array): Steps<boolean> {
  return isOverBoxBudget(bytes) || (yield* isOverPacketBudgetInSteps(bytes));
}
