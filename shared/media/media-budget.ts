import { isOverBoxBudget } from './box-budget.ts';
import { isOverPacketBudget } from './packet-budget.ts';

/** Whether media in the clear is more work to read than media ever is, in whichever container. */
export function isOverMediaBudget(bytes: Uint8Array): boolean {
  return isOverBoxBudget(bytes) || isOverPacketBudget(bytes);
}
