/** Text for an element or an attribute of HTML and SVG. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

type Attributes = Readonly<Record<string, string | number>>;

/** An element; its attributes are escaped, its content is markup already. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const given = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escapeHtml(value)}"`)
    .join('');
  return `<${name}${given}>${content.join('')}</${name}>`;
}

/** A tenth of a pixel is as fine as anybody sees. */
const short = (value: number): string => String(Math.round(value * 10) / 10);
