import { unpackColumns, type ColumnsHeader } from '../report/column-layout.ts';
import type { ReportData, ReportFacts } from '../report/report-data.ts';

/** The facts stand in the page with the places of the columns (column-layout.ts). */
interface EmbeddedFacts extends ReportFacts {
  readonly columns: ColumnsHeader;
}

/** What the page holds of its run: facts as JSON, columns as base64 of gzip. */
export async function readEmbedded(): Promise<ReportData> {
  const facts: unknown = JSON.parse(textOf('facts'));
  if (!isFacts(facts)) throw new Error('its facts have another shape than this script knows');
  const bytes = await gunzip(bytesOf(textOf('columns').trim()));
  return { facts, columns: unpackColumns(facts.columns, bytes) };
}

/** The program that wrote the page put this script into it, too: what both stand and fall with is enough. */
const isFacts = (value: unknown): value is EmbeddedFacts =>
  typeof value === 'object' &&
  value !== null &&
  'verdict' in value &&
  'columns' in value &&
  'tickNs' in value;

function textOf(id: string): string {
  const text = document.getElementById(id)?.textContent;
  if (text === undefined || text === null) throw new Error(`the page has no element ${id}`);
  return text;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (!('DecompressionStream' in window)) throw new Error('this browser cannot unpack the operations');
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
