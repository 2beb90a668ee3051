/**
 * Limit of open connections that have not shown the token. The window needs one for some milliseconds while it opens.
 */
export const MAX_STRANGERS = 64;
/**
 * Limit of open connections that have shown the token. The browser has one, and another while the first is being
 * closed.
 */
export const MAX_KNOWN = 16;
/** Limit of requests without the token on a connection. The window makes one or two before it has the token. */
export const MAX_REFUSED = 16;

/** A connection that can be limited. */
export interface Closable {
  destroy(): void;
}

/**
 * Limits what other users and programs of this computer can open at the server's port. A connection that has shown the
 * token is never closed for the sake of others. Of the rest, the oldest is closed first: a new one has time to show the
 * token.
 */
export class ConnectionLimit<Connection extends Closable> {
  /** With the number of their refused requests, oldest first. */
  private readonly strangers = new Map<Connection, number>();
  private readonly known = new Set<Connection>();

  opened(connection: Connection): void {
    this.strangers.set(connection, 0);
    const [oldest] = this.strangers.keys();
    if (oldest !== undefined && this.strangers.size > MAX_STRANGERS) this.end(oldest);
  }

  closed(connection: Connection): void {
    this.strangers.delete(connection);
    this.known.delete(connection);
  }

  showedToken(connection: Connection): void {
    if (!this.strangers.has(connection)) return;
    if (this.known.size === MAX_KNOWN) {
      this.end(connection);
      return;
    }
    this.strangers.delete(connection);
    this.known.add(connection);
  }

  /** Counts a refused request. It does not matter on a connection that has shown the token before. */
  refused(connection: Connection): void {
    const requests = this.strangers.get(connection);
    if (requests === undefined) return;
    this.strangers.set(connection, requests + 1);
    if (requests + 1 > MAX_REFUSED) this.end(connection);
  }

  private end(connection: Connection): void {
    this.closed(connection);
    connection.destroy();
  }
}
