import { safeUrl } from './safe-url.js';

describe('the address of a link', () => {
  it.each([
    'https://example.com/a?b=c#d',
    'http://example.com/',
    'mailto:someone@example.com',
    'tel:+491234',
    '#part',
  ])('lets %s be followed', (url) => expect(safeUrl(url)).toBe(url));

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'vbscript:x',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://example.com/1',
    'file:///etc/passwd',
    'view-source:https://example.com',
    '//evil.example/x',
    '/admin',
    'relative',
    '',
  ])('refuses %j', (url) => expect(safeUrl(url)).toBeNull());
});
