/** A title may be of any length; a file name may have 255 bytes, and who saves it may add some. */
const MOST_BYTES = 180;
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Names that Windows gives to devices, with any ending; it takes these superscripts for digits, and drops spaces before a dot. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(\.|$)/i;

/** A file name that no system takes for a path, a device or a hidden file, and that looks like what it is. */
export function fileName(title: string | undefined, ending: string): string {
  const plain = (title ?? '')
    .normalize('NFC')
    // a zero-width joiner holds one character together; no other format character belongs into a name
    .replace(/(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*%]/gu, ' ')
    .replace(/\s+/g, ' ');
  const name = shortened(plain.trim())
    .replace(/^[.\s]+/, '')
    .replace(/[.\s]+$/, '');
  if (name === '' || device.test(name)) return `conversation${name === '' ? '' : ` ${name}`}.${ending}`;
  return `${name}.${ending}`;
}

function shortened(text: string): string {
  let short = '';
  for (const { segment } of characters.segment(text)) {
    if (Buffer.byteLength(short + segment) > MOST_BYTES) break;
    short += segment;
  }
  return short;
}

/** `Content-Disposition` of a file to be saved: RFC 6266, with plain ASCII for those who know no `filename*`. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
