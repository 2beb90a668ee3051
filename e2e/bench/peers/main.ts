/** The suite `peers`, run by build/bench.mjs with the project's own Node: `node e2e/bench/peers/main.ts [options]`. */

import { programOf } from '../suite/run-suite.ts';
import { peerSuite } from './peer-suite.ts';

try {
  if ((await programOf(peerSuite)(process.argv.slice(2))) === 'failed') process.exitCode = 1;
} catch (error) {
  process.stderr.write(`holdfast: peers: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
