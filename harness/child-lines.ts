import type { ChildLine } from '../core/child.ts';
import { slotNamed } from '../core/ids.ts';
import { isJsonObject } from '../core/json.ts';

/** A line of a node's standard output, or null if it is something else that the node printed. */
export function parseChildLine(text: string): ChildLine | null {
  if (!text.startsWith('{')) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // not ours: it belongs in the log
  }
  if (!isJsonObject(value)) return null;
  const { type, port, pid, role, view, slot } = value;
  if (type === 'ready' && typeof port === 'number' && typeof pid === 'number') return { type, port, pid };
  if (type === 'role' && typeof role === 'string' && typeof view === 'number') return { type, role, view };
  if (type === 'synced') return { type };
  if (type === 'want-replacement' && typeof slot === 'string') return { type, slot: slotNamed(slot) };
  return null;
}
