import { edit, read, say, think, write, type DemoPlot } from '../demo-plot.js';

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Tea</title>
  </head>
  <body>
    <main>
      <h1>Which leaf?</h1>
      <nav>
        <button data-seconds="120">Green, 2 min</button>
        <button data-seconds="240">Black, 4 min</button>
        <button data-seconds="360">Mint, 6 min</button>
      </nav>
      <div class="cup"><div class="tea"></div></div>
      <output>–:––</output>
    </main>
  </body>
</html>
`;
const css = `body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f6efe2; color: #40342a; font: 18px/1.5 Georgia, serif; }
main { text-align: center; }
button { font: inherit; margin: .25em; padding: .5em 1em; border: 1px solid #c9b79c; border-radius: 2em; background: #fffaf0; cursor: pointer; }
.cup { position: relative; width: 9em; height: 7em; margin: 2em auto 1em; border: .35em solid #fff; border-top: 0; border-radius: 0 0 3em 3em; overflow: hidden; box-shadow: 0 1em 2em #0002; }
.tea { position: absolute; inset: auto 0 0; height: 0; background: #b5651d; transition: height 1s linear; }
output { font-size: 3rem; font-variant-numeric: tabular-nums; }
`;
const js = `const out = document.querySelector('output');
const tea = document.querySelector('.tea');
let timer;

function show(left, all) {
  out.textContent = Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0');
  tea.style.height = 90 * (1 - left / all) + '%';
}

document.querySelector('nav').addEventListener('click', ({ target }) => {
  const all = Number(target.dataset.seconds);
  if (!all) return;
  clearInterval(timer);
  let left = all;
  show(left, all);
  timer = setInterval(() => {
    left -= 1;
    show(left, all);
    if (left === 0) {
      clearInterval(timer);
      out.textContent = 'Drink!';
    }
  }, 1000);
});
`;

const dark = `@media (prefers-color-scheme: dark) {
  body { background: #221c17; color: #eadfce; }
  button { background: #33291f; border-color: #5b4a38; color: inherit; }
  .cup { border-color: #eadfce; }
}
`;
const bell = `function ring() {
  const audio = new AudioContext();
  [0, 0.4].forEach((at) => {
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    tone.frequency.value = 880;
    loud.gain.setValueAtTime(0.2, audio.currentTime + at);
    loud.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 1.2);
    tone.connect(loud).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 1.2);
  });
}
`;

/** Built over three turns; the second question was first asked in another way, which is still there as a branch. */
export const teaTimer: DemoPlot = {
  key: 'tea-timer',
  title: 'A timer that looks like tea',
  steps: [
    {
      do: 'turn',
      prompt: 'I always forget my tea. Can you build me a timer that looks like a cup filling up?',
      answers: [
        [
          think(
            'Three buttons are enough: nobody sets a slider for tea. The cup is a div whose inside grows by percent.',
          ),
          say('A cup it is. Three leaves to choose from, and the tea rises while you wait.'),
          write('index.html', html),
          write('style.css', css),
          write('script.js', js),
        ],
        [say('Press a leaf and the cup fills, second by second. When it is full, the clock says **Drink!**')],
      ],
    },
    {
      do: 'turn',
      prompt: 'Make it shout at me when it is done',
      answers: [
        [say('I look at what runs when the time is over.'), read('script.js')],
        [edit('script.js', "out.textContent = 'Drink!';", "out.textContent = 'DRINK! NOW!';")],
        [
          say(
            'It shouts, in letters. If you meant a sound, say so: a bell would suit it better than a siren.',
          ),
        ],
      ],
    },
    {
      do: 'turn',
      instead: 2,
      prompt: 'Let a small bell ring when it is done',
      answers: [
        [say('A bell, not a siren. First I read the script.'), read('script.js')],
        [
          edit('script.js', 'let timer;\n', `let timer;\n\n${bell}`),
          edit(
            'script.js',
            '      clearInterval(timer);\n      out',
            '      clearInterval(timer);\n      ring();\n      out',
          ),
        ],
        [say('Two soft strokes at 880 Hz, made by the browser itself, so there is no file to load.')],
      ],
    },
    {
      do: 'turn',
      prompt: 'My kitchen is dark in the morning. Be kind to my eyes?',
      answers: [
        [say('Of course.'), read('style.css')],
        [edit('style.css', 'output {', `${dark}output {`)],
        [say('In a dark kitchen the page is dark too, and the cup keeps a thin bright rim.')],
      ],
    },
    { do: 'label', version: 4, name: 'The one in my kitchen', starred: true },
  ],
};
