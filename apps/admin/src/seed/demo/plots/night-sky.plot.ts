import { edit, read, say, think, write, type DemoPlot } from '../demo-plot.js';

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Night sky</title>
    <style>body { margin: 0; background: #070b1d; } canvas { display: block; }</style>
  </head>
  <body>
    <canvas></canvas>
    <script src="sky.js"></script>
  </body>
</html>
`;
const js = `const canvas = document.querySelector('canvas');
const paint = canvas.getContext('2d');
const stars = [];

function resize() {
  canvas.width = innerWidth;
  canvas.height = innerHeight;
}

function draw() {
  paint.clearRect(0, 0, canvas.width, canvas.height);
  paint.strokeStyle = 'rgba(180, 200, 255, 0.5)';
  paint.beginPath();
  stars.forEach(({ x, y }, n) => (n === 0 ? paint.moveTo(x, y) : paint.lineTo(x, y)));
  paint.stroke();
  for (const { x, y, size } of stars) {
    paint.fillStyle = '#fff';
    paint.beginPath();
    paint.arc(x, y, size, 0, Math.PI * 2);
    paint.fill();
  }
}

addEventListener('resize', () => { resize(); draw(); });
canvas.addEventListener('click', ({ clientX: x, clientY: y }) => {
  stars.push({ x, y, size: 1.5 + Math.random() * 2 });
  draw();
});
resize();
`;

/** A tool fails here: the edit names a line that is not in the file, and the answer after it puts that right. */
export const nightSky: DemoPlot = {
  key: 'night-sky',
  title: 'Drawing constellations',
  steps: [
    {
      do: 'turn',
      prompt: 'A black page where I click stars and they become a constellation.',
      answers: [
        [
          think('A canvas is simplest. One path through all points, then the points above it.'),
          say('A dark canvas: each click is a star, and a thin line joins it to the one before.'),
          write('index.html', html),
          write('sky.js', js),
        ],
        [say('Click anywhere. The first two stars make a line, the third makes it a constellation.')],
      ],
    },
    {
      do: 'turn',
      prompt: 'Make the stars twinkle a little',
      answers: [
        [
          say('They should breathe, each at its own pace. I read the file and change its draw loop.'),
          read('sky.js'),
        ],
        [edit('sky.js', 'for (const star of stars) {', 'for (const star of stars) { // twinkle')],
        [
          think('That line is not there: the loop takes the star apart. I use the line as it stands.'),
          say(
            'I misremembered that line. It reads `for (const { x, y, size } of stars)`; here it is properly.',
          ),
          edit(
            'sky.js',
            'stars.push({ x, y, size: 1.5 + Math.random() * 2 });',
            'stars.push({ x, y, size: 1.5 + Math.random() * 2, pace: 1 + Math.random() });',
          ),
          edit(
            'sky.js',
            "for (const { x, y, size } of stars) {\n    paint.fillStyle = '#fff';",
            'for (const { x, y, size, pace } of stars) {\n    const light = 0.6 + 0.4 * Math.sin(performance.now() / 400 * pace);\n    paint.fillStyle = `rgba(255, 255, 255, ${light})`;',
          ),
          edit(
            'sky.js',
            'resize();\n',
            'resize();\n(function twinkle() { draw(); requestAnimationFrame(twinkle); })();\n',
          ),
        ],
        [
          say(
            'Now they twinkle. The first of the two `resize();` lines would have been the wrong place for the loop, so I looked twice.',
          ),
        ],
      ],
    },
    {
      do: 'turn',
      prompt: 'And a key to wipe the sky',
      answers: [
        [read('sky.js')],
        [
          edit(
            'sky.js',
            "addEventListener('resize'",
            "addEventListener('keydown', ({ key }) => { if (key === 'Escape') stars.length = 0; });\naddEventListener('resize'",
          ),
        ],
        [say('Escape wipes it. The night is long enough for another one.')],
      ],
    },
  ],
};
