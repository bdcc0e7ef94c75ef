import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { ErrorNote } from './ErrorNote';

type State = { broken: Error | null };

/** Shows a page's failure in its place; above all that of a page whose files a newer version has replaced. */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { broken: null };

  static getDerivedStateFromError(broken: unknown): State {
    return { broken: broken instanceof Error ? broken : new Error(String(broken)) };
  }

  override render() {
    const { broken } = this.state;
    if (broken === null) return this.props.children;
    return (
      <div>
        <h1>This page does not work</h1>
        <ErrorNote>{`${broken.message} Perhaps Drover was updated meanwhile.`}</ErrorNote>
        <Button mt="md" onClick={() => window.location.reload()}>
          Load it anew
        </Button>
      </div>
    );
  }
}
