import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { words } from '../words/words.js';
import { IconButton } from './icon-button.js';

const SHOWN_MS = 1_500;

/** Copies a text, and says so for a moment. */
export function CopyButton({ text, className }: { text: string; className?: string }) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () => {
    // refused where the page has no focus: then nothing is said
    navigator.clipboard.writeText(text).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    );
  };
  return (
    <IconButton
      icon={isCopied ? Check : Copy}
      label={isCopied ? words.app.copied : words.app.copy}
      size={15}
      onClick={copy}
      className={className}
    />
  );
}
