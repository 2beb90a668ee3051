/**
 * What the tile wants of a watch. `shown`: a player loads the stream too, and its loads count. `standby`:
 * healthy. `doubted`: not proven alive, so media is fetched with every move of the live edge. `sought`: doubted,
 * and the tile has nothing else to show, so that its retries stay close together. `unused`: not watched at all.
 */
export type Attention = 'shown' | 'standby' | 'doubted' | 'sought' | 'unused';
