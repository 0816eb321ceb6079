/** Markup, as opposed to text: made by `html` only, which escapes every text that is put into it. */
export interface Html {
  readonly markup: string;
}

export type HtmlPart = Html | string | number | null | readonly HtmlPart[];

/** html`<p>${text}</p>`: text is escaped, markup and lists of it stay, null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let markup = strings[0] ?? '';
  parts.forEach((part, i) => {
    markup += markupOf(part) + (strings[i + 1] ?? '');
  });
  return { markup };
}

function markupOf(part: HtmlPart): string {
  if (part === null) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  // Control characters are allowed in no document; a history may hold them.
  text
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
    // eslint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd');

/** JSON for a script element that holds data: nothing in it can end the element or begin a comment. */
export const jsonForScript = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');

/** Markup or code of our own build, as it is. */
export const trusted = (markup: string): Html => ({ markup });
