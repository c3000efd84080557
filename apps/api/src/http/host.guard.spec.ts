import { hostNameOf } from './host.guard.js';

describe('hostNameOf', () => {
  it.each([
    ['localhost:3001', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]:3001', '[::1]'],
    ['LOCALHOST', 'localhost'],
    ['2130706433:80', '127.0.0.1'],
    ['evil.example', 'evil.example'],
    ['localhost.evil.example:3001', 'localhost.evil.example'],
  ])('%s → %s', (header, name) => {
    expect(hostNameOf(header)).toBe(name);
  });

  it.each([
    undefined,
    '',
    'localhost/evil',
    'a@localhost',
    'localhost?x',
    'localhost#x',
    'local host',
    ':80',
  ])('%s is no host', (header) => {
    expect(hostNameOf(header)).toBeUndefined();
  });
});
