/** A text in parts, every second of which is what was searched for, whatever the case of its letters. */
export function partsOf(text: string, search: string): string[] {
  const lower = text.toLowerCase();
  const wanted = search.toLowerCase();
  // Where the lower case is longer, places in one are not places in the other.
  if (wanted === '' || lower.length !== text.length) return [text];
  const parts: string[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), text.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  return [...parts, text.slice(from)];
}
