/** Reads a JUnit document as test reporters do: each case by the elements inside, whatever its suite counts. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { validateXML } from 'xmllint-wasm';

const schema = readFileSync(fileURLToPath(new URL('junit.xsd', import.meta.url)), 'utf8');

/** What the schema has against it. */
export async function schemaErrors(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [schema] });
  return errors.map(({ message }) => message);
}

export interface ReadSuite {
  readonly attributes: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly name: string;
    readonly outcome: 'passed' | 'failed' | 'error' | 'pending';
    readonly message: string;
    readonly text: string;
  }[];
}

/** jest-junit's own elements: failure, error, skipped. */
export function readJunit(xml: string): readonly ReadSuite[] {
  return [...xml.matchAll(/<testsuite ([^>]*)>(.*?)<\/testsuite>/gs)].map(
    ([, attributes = '', body = '']) => ({
      attributes: attributesOf(attributes),
      cases: [...body.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(
        ([, own = '', inner = '']) => {
          const [, tag, message = '', text = ''] =
            /<(failure|error|skipped)([^>]*?)(?:\/>|>(.*?)<\/\1>)/s.exec(inner) ?? [];
          return {
            name: attributesOf(own)['name'] ?? '',
            outcome: outcomes[tag ?? ''] ?? ('passed' as const),
            message: attributesOf(message)['message'] ?? '',
            text: unescaped(text),
          };
        },
      ),
    }),
  );
}

const outcomes: Readonly<Record<string, ReadSuite['cases'][number]['outcome']>> = {
  failure: 'failed',
  error: 'error',
  skipped: 'pending',
};

const attributesOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescaped(value)]),
  );

const unescaped = (text: string): string =>
  text
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
