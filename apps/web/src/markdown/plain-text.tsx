/** Text as it was written: before its formatting is loaded, and where formatting it fails. */
export function PlainText({ text }: { text: string }) {
  return (
    <div className="break-words whitespace-pre-wrap" dir="auto">
      {text}
    </div>
  );
}
