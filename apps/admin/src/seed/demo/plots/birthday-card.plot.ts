import { edit, read, say, write, type DemoPlot } from '../demo-plot.js';

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>For Oma</title>
    <link rel="stylesheet" href="card.css">
  </head>
  <body>
    <button class="card" aria-label="Open the card">
      <span class="front">🌷</span>
      <span class="inside">
        <strong>Happy birthday, Oma</strong>
        <span class="poem">Eighty springs, and every one<br>brought you tulips in the sun.</span>
      </span>
    </button>
    <script src="card.js"></script>
  </body>
</html>
`;
const css = `body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #fde9ef; overflow: hidden; }
.card { position: relative; width: 18rem; height: 24rem; border: 0; padding: 0; background: #fff; box-shadow: 0 1rem 3rem #8b3a5a33; perspective: 60rem; cursor: pointer; }
.front, .inside { position: absolute; inset: 0; display: grid; place-content: center; gap: 1rem; font: 1.2rem/1.5 Georgia, serif; color: #6b2d45; }
.front { font-size: 8rem; background: #f7b7cb; transform-origin: left; transition: transform 1.2s; }
.open .front { transform: rotateY(-150deg); }
.petal { position: fixed; top: -2rem; animation: fall 5s linear forwards; }
@keyframes fall { to { transform: translateY(110vh) rotate(540deg); } }
`;
const js = `const card = document.querySelector('.card');
card.addEventListener('click', () => {
  card.classList.toggle('open');
  for (let n = 0; n < 30; n += 1) {
    const petal = document.createElement('span');
    petal.className = 'petal';
    petal.textContent = '🌸';
    petal.style.left = Math.random() * 100 + 'vw';
    petal.style.animationDelay = Math.random() * 2 + 's';
    document.body.append(petal);
    setTimeout(() => petal.remove(), 8000);
  }
});
`;

/** Its second turn was stopped in the middle of an answer: what had come is kept. */
export const birthdayCard: DemoPlot = {
  key: 'birthday-card',
  title: 'A card for Oma, who is eighty',
  steps: [
    {
      do: 'turn',
      prompt: 'My grandmother turns 80 on Sunday and loves tulips. Please make her a card that opens.',
      answers: [
        [
          say('Eighty! Then the card should open slowly, and something should fall out of it.'),
          write('index.html', html),
          write('card.css', css),
          write('card.js', js),
        ],
        [say('A tulip on the front; inside, her name, two lines, and thirty petals each time she opens it.')],
      ],
    },
    {
      do: 'turn',
      stopped: true,
      prompt: 'Could the poem be longer?',
      answers: [
        [
          say(
            'Gladly. Here is a version in twelve stanzas.\n\nEighty springs, and every one\nbrought you tulips in the sun,\nred ' +
              'ones for the days of June,\nwhite ones for the afternoon,\nyellow ones for letters sent\nfrom wherever ' +
              'someone went,\n\nEighty summers, every bee\nstopped to ask you in for tea,\nand the cat upon the wall\nheard ' +
              'the kettle, and the call,\nand the neighbour, and the rain,\nand the four o’clock to Spain …',
          ),
        ],
      ],
    },
    {
      do: 'turn',
      prompt: 'Sorry, far too long – she has the attention of a sparrow. Two more lines, no bees.',
      answers: [
        [say('A sparrow’s length, then.'), read('index.html')],
        [
          edit(
            'index.html',
            'brought you tulips in the sun.',
            'brought you tulips in the sun.<br>Eighty more would be too few<br>for a gardener like you.',
          ),
        ],
        [say('Four lines, no bees. I hope she laughs at the petals.')],
      ],
    },
    { do: 'label', version: 2, name: 'Sent on Sunday', starred: true },
  ],
};
