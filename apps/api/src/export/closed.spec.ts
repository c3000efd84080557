import { closed } from './closed.js';

describe('a text that others follow', () => {
  it.each([
    ['```html\n<p>', '```'],
    ['so:\r\n~~~~\r\n```\r\n~~~', '~~~~'],
    ['```\na\n```\n````js\n```', '````'],
    ['  ```\na', '```'],
    ['- one\n\nthen\n```\na', '```'],
    ['```\na\n``` b', '```'],
    ['<Script>\n```', '</Script>'],
    ['a\n<!-- so', '-->'],
    ['<?php', '?>'],
    ['<![CDATA[ > ', ']]>'],
    ['<!doctype html', '>'],
    ['<!-- a -->\n```\n-->', '```'],
  ])('ends the block that %j leaves open', (text, end) => {
    expect(closed(text)).toBe(`${text}\n${end}`);
  });

  it.each([
    '',
    'a ``` b',
    '```\na\n```',
    '```\na\n  `````  ',
    '~~~\n```\n~~~',
    '```a``` b',
    '    ```\nindented',
    '> ```\n> quoted',
    '<pre>\n\n```\n</style>',
    '<!-- one\ntwo --> three',
    '<scripted>\n<div>',
    'a <!-- b',
    // these end with their list
    '1. do this:\n\n   ```html\n   <p>',
    '- ```\n  a',
    '- ```\n  a\n  ```\n- b',
  ])('is left as it is: %j', (text) => {
    expect(closed(text)).toBe(text);
  });
});
