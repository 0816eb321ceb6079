import { html, type Html } from './html.ts';

const itemsMax = 20;
const depthMax = 3;
const textMax = 600;

/** Whatever a checker told besides its reason, as lists: names, values, and no more than a reader can take in. */
export function detailsHtml(value: unknown, depth = 0): Html {
  if (typeof value !== 'object' || value === null) return html`<code>${shortened(scalarText(value))}</code>`;
  if (depth >= depthMax) return html`<code>${shortened(JSON.stringify(value))}</code>`;
  if (Array.isArray(value)) return listHtml(value, depth);
  const entries = Object.entries(value);
  if (entries.length === 0) return html`none`;
  return html`<dl>
    ${entries.map(
      ([name, item]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${detailsHtml(item, depth + 1)}</dd>
        </div>`,
    )}
  </dl>`;
}

function listHtml(items: readonly unknown[], depth: number): Html {
  if (items.length === 0) return html`none`;
  const more = items.length - itemsMax;
  return html`<ul>
    ${items.slice(0, itemsMax).map((item) => html`<li>${detailsHtml(item, depth + 1)}</li>`)}
    ${more > 0 ? html`<li>and ${more} more, in verdict.json</li>` : null}
  </ul>`;
}

const scalarText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

const shortened = (text: string): string => (text.length <= textMax ? text : `${text.slice(0, textMax)}…`);
