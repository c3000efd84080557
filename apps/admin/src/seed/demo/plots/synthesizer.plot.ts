import { edit, read, say, write, type DemoPlot } from '../demo-plot.js';

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Smallest synthesizer</title>
    <style>
      body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #14213d; }
      #keys { display: flex; }
      button { width: 3.2rem; height: 12rem; border: 1px solid #0003; border-radius: 0 0 .5rem .5rem; background: #fff; font: 1rem system-ui; align-content: end; }
      button:active, button.on { background: #fca311; }
    </style>
  </head>
  <body>
    <div id="keys"></div>
    <script src="synth.js"></script>
  </body>
</html>
`;
const js = `const audio = new AudioContext();
const notes = { a: 262, s: 294, d: 330, f: 349, g: 392, h: 440, j: 494, k: 523 };
const keys = document.getElementById('keys');

function play(frequency) {
  const tone = audio.createOscillator();
  const loud = audio.createGain();
  tone.type = 'triangle';
  tone.frequency.value = frequency;
  loud.gain.setValueAtTime(0.3, audio.currentTime);
  loud.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.8);
  tone.connect(loud).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.8);
}

for (const [key, frequency] of Object.entries(notes)) {
  const button = document.createElement('button');
  button.textContent = key;
  button.addEventListener('pointerdown', () => play(frequency));
  keys.append(button);
}
addEventListener('keydown', ({ key, repeat }) => {
  if (!repeat && notes[key]) play(notes[key]);
});
`;
const drums = `const pads = { kick: [90, 0.25], snare: [220, 0.12], hat: [6000, 0.04], clap: [900, 0.09] };
const audio = new AudioContext();

function hit(name) {
  const [pitch, length] = pads[name];
  const noise = audio.createBuffer(1, audio.sampleRate * length, audio.sampleRate);
  const samples = noise.getChannelData(0);
  for (let n = 0; n < samples.length; n += 1) samples[n] = (Math.random() * 2 - 1) * (1 - n / samples.length);
  const source = audio.createBufferSource();
  const filter = audio.createBiquadFilter();
  filter.frequency.value = pitch;
  source.buffer = noise;
  source.connect(filter).connect(audio.destination);
  source.start();
}

for (const name of Object.keys(pads)) {
  const button = document.createElement('button');
  button.textContent = name;
  button.addEventListener('pointerdown', () => hit(name));
  document.getElementById('keys').append(button);
}
`;

/** After its first turn a fork goes another way, with a copy of the project: eight keys here, four drums there. */
export const synthesizer: DemoPlot = {
  key: 'synthesizer',
  title: 'The smallest synthesizer',
  steps: [
    {
      do: 'turn',
      prompt: 'What is the smallest piano you can put on a page? Playable with the keyboard, please.',
      answers: [
        [
          say('Eight white keys, one octave, no library: the browser has an oscillator built in.'),
          write('index.html', html),
          write('synth.js', js),
        ],
        [say('Play **a** to **k**. It is a triangle wave, which sounds a little like a recorder.')],
      ],
    },
    {
      do: 'turn',
      prompt: 'Show me which key I pressed',
      answers: [
        [read('synth.js')],
        [
          edit(
            'synth.js',
            '  button.textContent = key;\n',
            '  button.textContent = key;\n  button.id = `key-${key}`;\n',
          ),
          edit(
            'synth.js',
            'play(notes[key]);\n});',
            "{\n    play(notes[key]);\n    const { classList } = document.getElementById(`key-${key}`);\n    classList.add('on');\n    setTimeout(() => classList.remove('on'), 150);\n  }\n});",
          ),
        ],
        [say('A pressed key glows orange for a moment, also when you play with the keyboard.')],
      ],
    },
    { do: 'fork', afterTurn: 1, title: 'Four drums' },
    {
      do: 'turn',
      prompt: 'Forget the piano: same page, but a drum machine with four pads.',
      answers: [
        [
          say('Drums are noise with an opinion. I read what is there and replace its heart.'),
          read('synth.js'),
        ],
        [write('synth.js', drums)],
        [
          say(
            'Kick, snare, hat and clap: each is a short burst of filtered noise. The piano still stands in the conversation that this one came from.',
          ),
        ],
      ],
    },
  ],
};
