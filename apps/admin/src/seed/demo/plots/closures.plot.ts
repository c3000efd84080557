import { say, think, type DemoPlot } from '../demo-plot.js';

/** A talk without a project. */
export const closures: DemoPlot = {
  key: 'closures',
  title: 'What is a closure, really?',
  steps: [
    {
      do: 'turn',
      prompt: 'Everyone keeps saying “closure” and I nod. What is it really?',
      answers: [
        [
          think(
            'They want an image, not a definition. A backpack works: a function carries what it was made beside.',
          ),
          say(
            'A function with a backpack.\n\nWhen a function is made inside another one, it may use the names around it. It ' +
              'takes them along, in its backpack, wherever it goes:\n\n```js\nfunction counter() {\n  let count = 0;\n  return () => ' +
              '(count += 1);\n}\n\nconst next = counter();\nnext(); // 1\nnext(); // 2\n```\n\n`counter` is over after the first ' +
              'line of use, but `count` is not: `next` still carries it. Nobody else can reach into that backpack.',
          ),
        ],
      ],
    },
    {
      do: 'turn',
      prompt: 'So if I call counter() twice, do they share the backpack?',
      answers: [
        [
          say(
            'No: each call packs a new one.\n\n```js\nconst a = counter();\nconst b = counter();\na(); a(); // 1, 2\nb();      // ' +
              '1\n```\n\nTwo functions share a backpack only if they were made in the *same* call.',
          ),
        ],
      ],
    },
    {
      do: 'turn',
      prompt: 'And why did my loop of buttons all alert 10?',
      answers: [
        [
          think('The classic: var in a loop, one variable for all handlers.'),
          say(
            'Because with `var` the loop has one variable, and all ten handlers carry the *same* backpack with it. By the ' +
              'time someone clicks, the loop has ended, and the number in it is 10.\n\nWrite `let` instead. Then each round of ' +
              'the loop has a variable of its own, and each handler its own backpack.',
          ),
        ],
      ],
    },
  ],
};
