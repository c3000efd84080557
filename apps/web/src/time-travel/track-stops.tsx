/** Where a track by message or version stops: its steps are equally wide, however much happened in each. */
export function TrackStops({ length, position }: { length: number; position: number }) {
  if (length < 2 || length > 200) return null;
  return (
    <svg className="absolute inset-0 size-full overflow-visible" aria-hidden>
      {Array.from({ length }, (_, i) => (
        <circle
          key={i}
          cx={`${(i / (length - 1)) * 100}%`}
          cy="50%"
          r={3}
          className={i + 1 <= position ? 'fill-past' : 'fill-line-strong'}
        />
      ))}
    </svg>
  );
}
