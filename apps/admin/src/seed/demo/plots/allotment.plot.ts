import { edit, read, remove, say, write, type DemoPlot } from '../demo-plot.js';

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Plot 14</title>
    <link rel="stylesheet" href="garden.css">
  </head>
  <body>
    <h1>Plot 14: what goes in when</h1>
    <table>
      <thead><tr><th></th><th>Mar</th><th>Apr</th><th>May</th><th>Jun</th><th>Jul</th><th>Aug</th></tr></thead>
      <tbody></tbody>
    </table>
    <script src="garden.js"></script>
  </body>
</html>
`;
const css = `body { margin: 3rem auto; max-width: 46rem; font: 17px/1.6 system-ui; color: #24331f; background: #f4f7ee; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 600; }
td { height: 2rem; border-bottom: 1px solid #dbe4cd; }
.sow { background: #c8dfa4; }
.pick { background: #e4a853; }
`;
const js = `const plan = [
  ['Broad beans', 'ss..pp'],
  ['Lettuce', '.sspp.'],
  ['Courgettes', '..s.pp'],
  ['Potatoes', '.s..pp'],
];
const classes = { s: 'sow', p: 'pick' };
const body = document.querySelector('tbody');
for (const [name, months] of plan) {
  const row = body.insertRow();
  row.insertCell().textContent = name;
  for (const month of months) row.insertCell().className = classes[month] ?? '';
}
`;

/** Its third version was a mistake; the second one was restored, and is the fourth. */
export const allotment: DemoPlot = {
  key: 'allotment',
  title: 'A calendar for the allotment',
  steps: [
    {
      do: 'turn',
      prompt: 'We share an allotment, plot 14. Make a page that shows when to sow and when to pick.',
      answers: [
        [
          say('A table by month: green where you sow, amber where you pick.'),
          write('index.html', html),
          write('garden.css', css),
          write('garden.js', js),
          write('notes.txt', 'To do: ask about the water butt.\n'),
        ],
        [say('Four crops to begin with. The plan is a list at the top of `garden.js`: one letter a month.')],
      ],
    },
    {
      do: 'turn',
      prompt: 'Add tomatoes and throw the notes away, the water butt is fixed',
      answers: [
        [read('garden.js'), read('notes.txt')],
        [edit('garden.js', "  ['Potatoes'", "  ['Tomatoes', '..s..p'],\n  ['Potatoes'"), remove('notes.txt')],
        [say('Tomatoes go out in May, after the last frost, and are ripe in August. The notes are gone.')],
      ],
    },
    {
      do: 'turn',
      prompt: 'Make it look like a spreadsheet',
      answers: [
        [read('garden.css')],
        [
          write(
            'garden.css',
            'body { font: 12px Arial; background: #fff; }\ntable { border-collapse: collapse; }\ntd, th { border: 1px solid #c0c0c0; padding: 0 4px; }\n.sow { background: #00ff00; }\n.pick { background: #ffff00; }\n',
          ),
        ],
        [say('Grid lines, Arial, and the green of 1997. You asked.')],
      ],
    },
    { do: 'restore', version: 2 },
    {
      do: 'turn',
      prompt: 'My partner says never again. We are back to the old look, right?',
      answers: [
        [
          say(
            'You are: the second version is current again, so the table is green and amber on a quiet page. The spreadsheet is still in the history, should you ever need to win an argument with it.',
          ),
        ],
      ],
    },
  ],
};
