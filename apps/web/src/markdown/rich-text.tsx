import { memo } from 'react';
import { Streamdown } from 'streamdown';
import { boundNesting } from './bound-nesting.js';
import { CodeBlock } from './code-block.js';
import { DirectedBlock } from './directed-block.js';
import { RemoteImage } from './remote-image.js';
import { SafeLink } from './safe-link.js';
import { safeUrl } from './safe-url.js';
import { ScrollingTable } from './scrolling-table.js';

/** Each as the plain element: how they look is styles/prose.css's. */
const plain = Object.fromEntries(
  [
    'blockquote',
    'code',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'hr',
    'li',
    'ol',
    'p',
    'section',
    'strong',
    'sub',
    'sup',
    'tbody',
    'td',
    'th',
    'thead',
    'tr',
    'ul',
  ].map((name) => [name, name as 'p']),
);
const components = { ...plain, a: SafeLink, img: RemoteImage, pre: CodeBlock, table: ScrollingTable };
/** None of them: HTML in the Markdown is never parsed, so it is shown as the characters that it is. */
const noHtml: [] = [];

type Props = { text: string; isStreaming: boolean };

/**
 * Markdown as a page. Inert whatever the text: no HTML of it becomes an element, nothing is fetched for it, and a link leads
 * to the web or nowhere.
 */
export const RichText = memo(function RichText({ text, isStreaming }: Props) {
  return (
    <Streamdown
      mode={isStreaming ? 'streaming' : 'static'}
      parseIncompleteMarkdown={isStreaming}
      className="prose"
      dir={isStreaming ? undefined : 'auto'}
      BlockComponent={DirectedBlock}
      controls={false}
      components={components}
      rehypePlugins={noHtml}
      urlTransform={(url) => safeUrl(url)}
    >
      {boundNesting(text)}
    </Streamdown>
  );
});
