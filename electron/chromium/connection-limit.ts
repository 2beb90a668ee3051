/** How many connections may be open that have not shown the token. The window needs one, while it opens: milliseconds. */
export const MAX_STRANGERS = 64;
/** How many may be open that have. The browser has one, and another while the first is being closed. */
export const MAX_KNOWN = 16;
/** How many requests a connection may make without the token. The window makes one or two before it is given the token. */
export const MAX_REFUSED = 16;

/** What is limited. */
export interface Closable {
  destroy(): void;
}

/**
 * Bounds what other users and programs of this computer can open at the server's port. Whoever has shown the token is
 * never closed for others' sake. Of the rest the oldest goes first: a new one has time to show the token.
 */
export class ConnectionLimit<Connection extends Closable> {
  /** With the requests that were refused. The oldest comes first. */
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

  /** A request was refused. It means nothing where the connection has shown the token before. */
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
