import { Component, type ErrorInfo, type ReactNode } from 'react';

interface Props {
  /** The name of the failed part in the log. */
  readonly name: string;
  readonly children: ReactNode;
  /** Replaces the children after an error; `again` mounts them anew. */
  readonly fallback: (error: Error, again: () => void) => ReactNode;
}

/** Keeps an error in its children from affecting anything around them. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(thrown: unknown): { error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override componentDidCatch(thrown: unknown, { componentStack }: ErrorInfo): void {
    console.error(`${this.props.name} failed:`, thrown, componentStack ?? '');
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return this.props.fallback(this.state.error, () => this.setState({ error: null }));
  }
}
