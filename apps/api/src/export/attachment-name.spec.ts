import { attachment, fileName } from './attachment-name.js';

describe('the name of an export', () => {
  it.each([
    ['My page', 'My page.md'],
    [undefined, 'conversation.md'],
    ['', 'conversation.md'],
    ['../../etc/passwd', 'etc passwd.md'],
    ['..', 'conversation.md'],
    ['.hidden', 'hidden.md'],
    ['C:\\x\\y', 'C x y.md'],
    ['con', 'conversation con.md'],
    ['NUL.txt', 'conversation NUL.txt.md'],
    ['nul .txt', 'conversation nul .txt.md'],
    ['COM¹', 'conversation COM¹.md'],
    ['CONOUT$', 'conversation CONOUT$.md'],
    ['console', 'console.md'],
    ['a\r\nSet-Cookie: b', 'a Set-Cookie b.md'],
    ['a\u0000b\u202egpj', 'a b gpj.md'],
    ['half \ud83d', 'half.md'],
    ['größe 漢字 🎈', 'größe 漢字 🎈.md'],
    ['🎈'.repeat(200), `${'🎈'.repeat(45)}.md`],
    ['👩‍👩‍👧'.repeat(30), `${'👩‍👩‍👧'.repeat(10)}.md`],
    ['x'.repeat(500), `${'x'.repeat(180)}.md`],
    [' . ', 'conversation.md'],
  ])('of %j is %j', (title, expected) => {
    expect(fileName(title, 'md')).toBe(expected);
  });

  it('is sent as plain ASCII, and as what it is', () => {
    expect(attachment("it's (größe) 100.md")).toBe(
      `attachment; filename="it's (gr__e) 100.md"; filename*=UTF-8''it%27s%20%28gr%C3%B6%C3%9Fe%29%20100.md`,
    );
    expect(attachment(fileName('"a"; filename="b', 'md'))).toBe(
      `attachment; filename="a ; filename= b.md"; filename*=UTF-8''a%20%3B%20filename%3D%20b.md`,
    );
    expect(attachment(fileName('🎈"\r\n', 'json'))).toMatch(/^[\x20-\x7e]+$/);
  });
});
