declare const brand: unique symbol;

/** A place for a node, like a host: `n1` to `n9`. Processes come and go in it, one at a time. */
export type Slot = string & { readonly [brand]: 'Slot' };
/** One life of a process in a slot: `n1.0` is the first, `n1.1` its successor. Amnesia lies between two of them. */
export type MemberId = string & { readonly [brand]: 'MemberId' };

export const slotNamed = (name: string): Slot => name as Slot;
/** The slots of a cluster of `count` nodes, lowest first: n1, n2, ... */
export const slots = (count: number): readonly Slot[] =>
  Array.from({ length: count }, (_, i) => slotNamed(`n${i + 1}`));

export const isMemberId = (text: unknown): text is MemberId =>
  typeof text === 'string' && /^n[1-9]\d*\.\d+$/.test(text);
export const memberId = (slot: Slot, incarnation: number): MemberId => `${slot}.${incarnation}` as MemberId;
export const slotOf = (id: MemberId): Slot => id.slice(0, id.indexOf('.')) as Slot;
export const incarnationOf = (id: MemberId): number => Number(id.slice(id.indexOf('.') + 1));

/** Orders slots by number, so that n10 comes after n9. */
export const compareSlots = (a: Slot, b: Slot): number => Number(a.slice(1)) - Number(b.slice(1));
export const compareMembers = (a: MemberId, b: MemberId): number =>
  compareSlots(slotOf(a), slotOf(b)) || incarnationOf(a) - incarnationOf(b);
