import { ImageOff } from 'lucide-react';
import { words } from '../words/words.js';
import { SafeLink } from './safe-link.js';

/** Where a model put an image: a link to it. Fetching it would tell its server who reads this, and when. */
export function RemoteImage({ src, alt }: { src?: string | Blob; alt?: string }) {
  return (
    <span className="remote-image" title={words.chat.remoteImageHint}>
      <ImageOff size={14} strokeWidth={1.75} aria-hidden />
      <SafeLink href={typeof src === 'string' ? src : ''}>{words.chat.remoteImage(alt ?? '')}</SafeLink>
    </span>
  );
}
