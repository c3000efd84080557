import { Suspense } from 'react';
import { Fallback } from '../shell/fallback.js';
import { PlainText } from './plain-text.js';
import { lazyPart } from '../shell/lazy-part.js';

const RichText = lazyPart(() => import('./rich-text.js').then((module) => ({ default: module.RichText })));

/** Characters of one text that are formatted; what is longer is shown as it is. */
const LONGEST = 200_000;

type Props = { text: string; isStreaming?: boolean };

/** Markdown, formatted by a part of the app that is loaded when it is first needed. What cannot be formatted is shown plain. */
export function Markdown({ text, isStreaming = false }: Props) {
  const plain = <PlainText text={text} />;
  if (text.length > LONGEST) return plain;
  return (
    <Fallback show={plain}>
      <Suspense fallback={plain}>
        <RichText text={text} isStreaming={isStreaming} />
      </Suspense>
    </Fallback>
  );
}
