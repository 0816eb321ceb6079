import { gzipSync } from 'node:zlib';
import { columnsHeaderOf, packColumns, type ColumnsHeader } from './column-layout.ts';
import type { OperationColumns, ReportFacts } from './report-data.ts';

/** What `<script type="application/json" id="facts">` holds: the facts, and where the columns lie (column-layout.ts). */
export interface EmbeddedFacts extends ReportFacts {
  readonly columns: ColumnsHeader;
}

/** Above this, speed counts more than size: a report of a million operations is to be written in seconds. */
const quickGzipBytesMin = 8_000_000;

/** The text of `<script type="application/octet-stream" id="columns">`: base64 of gzip of the columns. */
export function encodeColumns(columns: OperationColumns): {
  readonly header: ColumnsHeader;
  readonly text: string;
} {
  const bytes = packColumns(columns);
  const level = bytes.length > quickGzipBytesMin ? 1 : 6;
  return { header: columnsHeaderOf(columns.count), text: gzipSync(bytes, { level }).toString('base64') };
}
