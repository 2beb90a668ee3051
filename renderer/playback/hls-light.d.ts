/** The light build has no types of its own; what it has is what the full one has. */
declare module 'hls.js/light' {
  export * from 'hls.js';
  export { default } from 'hls.js';
}
