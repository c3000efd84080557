/** What a stretch lends to its neighbours: single bars would be a bar code, hills show where much happened. */
const kernel = [1, 2, 3, 2, 1];

/** How much happened where, as hills over the track; what was passed is amber. */
export function DensityStrip({ density, fraction }: { density: readonly number[]; fraction: number }) {
  const width = Math.max(1, density.length);
  const path = hills(density);
  const passed = fraction * width;
  return (
    <svg
      viewBox={`0 0 ${width} 1`}
      preserveAspectRatio="none"
      className="absolute inset-0 size-full"
      aria-hidden
    >
      <clipPath id="passed">
        <rect x={0} y={0} width={passed} height={1} />
      </clipPath>
      <path d={path} className="fill-line-strong opacity-20" />
      <path d={path} className="fill-past opacity-30" clipPath="url(#passed)" />
    </svg>
  );
}

function hills(density: readonly number[]): string {
  const half = (kernel.length - 1) / 2;
  const smooth = density.map((_, i) =>
    kernel.reduce((sum, weight, k) => sum + weight * (density[i + k - half] ?? 0), 0),
  );
  const most = Math.max(1, ...smooth);
  // the root shows what is rare beside what is frequent
  const points = smooth.map((value, i) => `L${i + 0.5} ${(1 - 0.9 * Math.sqrt(value / most)).toFixed(3)}`);
  return `M0 1${points.join('')}L${density.length} 1Z`;
}
