/**
 * How closely the tile wants a stream to be watched.
 * `shown`: a player loads the stream too, and its loads count as evidence and proof of life.
 * `standby`: the stream is healthy.
 * `doubted`: the stream is not proven alive, so media is fetched with every move of the live edge.
 * `sought`: as `doubted`, and the tile has nothing else to show, so the retries stay frequent.
 * `unused`: the stream is not watched.
 */
export type Attention = 'shown' | 'standby' | 'doubted' | 'sought' | 'unused';
