import type { Goal } from './goals.ts';

/** Frame interval of the streams, ms. */
const FRAME_MS = 1000 / 15;

/** The figures that the finished engine has to reach. */
export const GAP_GOALS: readonly Goal[] = [
  {
    kind: 'gap',
    words: '9 tiles, plain, no delay: median of at most 2 frame intervals',
    rows: ({ tiles, stream, network }) => tiles === 9 && stream !== 'll-333ms' && network === 'none',
    standby: 'any',
    figure: 'median',
    limitMs: 2 * FRAME_MS,
  },
  {
    kind: 'gap',
    words: '9 tiles, plain, no delay: at most 200 ms',
    rows: ({ tiles, stream, network }) => tiles === 9 && stream !== 'll-333ms' && network === 'none',
    standby: 'any',
    figure: 'max',
    limitMs: 200,
  },
  {
    kind: 'gap',
    words: '4 tiles, LL-HLS, no delay: median of at most 2 frame intervals',
    rows: ({ tiles, stream, network }) => tiles === 4 && stream === 'll-333ms' && network === 'none',
    standby: 'any',
    figure: 'median',
    limitMs: 2 * FRAME_MS,
  },
  {
    kind: 'gap',
    words: '4 tiles, LL-HLS, no delay: at most 200 ms',
    rows: ({ tiles, stream, network }) => tiles === 4 && stream === 'll-333ms' && network === 'none',
    standby: 'any',
    figure: 'max',
    limitMs: 200,
  },
  {
    kind: 'gap',
    words: '16 tiles, no delay: p95 of at most 500 ms',
    rows: ({ tiles, network }) => tiles === 16 && network === 'none',
    standby: 'any',
    figure: 'p95',
    limitMs: 500,
  },
  {
    kind: 'gap',
    words: '16 tiles, no delay: at most 1 s',
    rows: ({ tiles, network }) => tiles === 16 && network === 'none',
    standby: 'any',
    figure: 'max',
    limitMs: 1000,
  },
  {
    kind: 'gap',
    words: 'with 150 ms added, hot standby: at most 300 ms',
    rows: ({ network }) => network !== 'none',
    standby: 'hot',
    figure: 'max',
    limitMs: 300,
  },
  {
    kind: 'gap',
    words: 'with 150 ms added, cold standby: at most 1 s',
    rows: ({ network }) => network !== 'none',
    standby: 'cold',
    figure: 'max',
    limitMs: 1000,
  },
  { kind: 'false-changes', words: 'no false change' },
  {
    kind: 'latency',
    words: 'plain 1 s, no delay: median of at most 3 s behind live',
    setups: ({ stream, network }) => stream === 'plain-1s' && network === 'none',
    limitMs: 3000,
  },
  {
    kind: 'latency',
    words: 'LL-HLS, no delay: median of at most 1.5 s behind live',
    setups: ({ stream, network }) => stream === 'll-333ms' && network === 'none',
    limitMs: 1500,
  },
  {
    kind: 'latency-to-bare-grid',
    words: 'latency in every setup at most 10 % above that of a bare hls.js grid',
    limitRatio: 1.1,
  },
];
