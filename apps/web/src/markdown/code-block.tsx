import { isValidElement, type ReactNode } from 'react';
import { CopyButton } from '../shell/copy-button.js';

type CodeProps = { className?: string; children?: ReactNode };

/** A fenced block: its language, a button that copies it, and lines that scroll sideways. */
export function CodeBlock({ children }: { children?: ReactNode }) {
  const code = isValidElement<CodeProps>(children) ? children.props : undefined;
  const language = /language-(\S+)/.exec(code?.className ?? '')?.[1];
  const text = textOf(code?.children ?? children);
  return (
    <figure className="code-block" dir="ltr">
      <figcaption>
        <span>{language}</span>
        <CopyButton text={text} />
      </figcaption>
      {/* it scrolls, so the keyboard must reach it */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </figure>
  );
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(textOf).join('');
  return isValidElement<CodeProps>(node) ? textOf(node.props.children) : '';
}
