const words = (
  'a small page can be calm and still say a lot so the first line names what it is for and the next one shows it the ' +
  'button waits where a thumb rests its colour comes from one hue and every other colour follows a script counts what ' +
  'was pressed and writes the number down nothing else moves unless someone asks for it then a row slides in and the ' +
  'list grows by one when the window is narrow the grid becomes a column and when it is dark the paper turns to ink'
).split(' ');

/** Words of a sentence. */
const SENTENCE = 14;

/** `count` words that read like an answer, the same for the same `seed`. */
export function prose(seed: number, count: number): string {
  let text = '';
  for (let index = 0; index < count; index += 1) {
    const word = words[(seed * 31 + index * 7 + (index >> 3) * 13) % words.length]!;
    const begins = index % SENTENCE === 0;
    text += begins ? word[0]!.toUpperCase() + word.slice(1) : word;
    if (index < count - 1) text += (index + 1) % SENTENCE === 0 ? '. ' : ' ';
  }
  return `${text}.`;
}
