import { Component, type ReactNode } from 'react';

type Props = { show: ReactNode; children: ReactNode };

/** Shows something simpler where its children throw, so that one broken part takes nothing else with it. */
export class Fallback extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.show : this.props.children;
  }
}
