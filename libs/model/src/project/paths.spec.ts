import { pathClash, pathProblem, utf8Length } from './paths.js';

describe('pathProblem', () => {
  it.each([
    'index.html',
    'a/b/c.css',
    'with space.txt',
    '…/é.html',
    'constructor',
    '.hidden',
    '..dots/a..b',
    '1',
    'a'.repeat(255),
    'é'.repeat(127),
  ])('allows %j', (path) => expect(pathProblem(path)).toBeNull());

  it.each([
    ['', 'empty'],
    ['/etc/passwd', 'relative'],
    ['../up', '".."'],
    ['a/../../b', '".."'],
    ['a/..', '".."'],
    ['./a', '"."'],
    ['a//b', 'empty part'],
    ['a/', 'empty part'],
    ['a\\b', '"\\"'],
    ['C:/windows', 'drive'],
    ['a\u0000b', 'control'],
    ['a\nb', 'control'],
    ['a\u0085b', 'control'],
    ['a\u007f', 'control'],
    ['a\ud800', 'surrogate'],
    ['__proto__', '__proto__'],
    ['a/__proto__/b', '__proto__'],
    ['e\u0301.html', 'NFC'],
    ['a'.repeat(256), '255 bytes'],
    ['é'.repeat(128), '255 bytes'],
  ])('refuses %j', (path, why) => expect(pathProblem(path)).toContain(why));
});

describe('pathClash', () => {
  it('finds a file that would be a folder too', () => {
    expect(pathClash(['a/b/c', 'x', 'a/b'])).toEqual({ file: 'a/b', below: 'a/b/c' });
    expect(pathClash(['a', 'a/b'])).toEqual({ file: 'a', below: 'a/b' });
  });
  it('lets neighbours be', () => expect(pathClash(['a/b', 'a/c', 'ab', 'a.b', 'b/a'])).toBeNull());
});

test('utf8Length counts bytes', () => expect(utf8Length('aé€😀')).toBe(10));
