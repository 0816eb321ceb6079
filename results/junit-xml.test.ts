import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readJunit, schemaErrors } from '../test/junit-reader.ts';
import { junitXml } from './junit-xml.ts';

const documentOf = (text: string): string =>
  junitXml([
    {
      name: `name ${text}`,
      date: new Date(0),
      seconds: 1e-9,
      properties: { key: text },
      cases: [
        { name: text, seconds: 61.25, outcome: { type: 'passed' } },
        { name: 'skipped', seconds: 0, outcome: { type: 'skipped', message: text } },
        { name: 'failed', seconds: 0, outcome: { type: 'failure', kind: text, message: text, text } },
      ],
      output: text,
    },
  ]);

const nasty = '\u0000\u0008\u001b[31mred\u001b[0m <b a="1">&amp; ]]> \ud800 \ufffe \u{1f600}\ttab\nline\r';

test('text of any kind is text', async () => {
  const xml = documentOf(nasty);
  expect(await schemaErrors(xml)).toEqual([]);
  const [suite] = readJunit(xml);
  expect(suite?.cases[2]).toMatchObject({
    outcome: 'failed',
    message: 'red <b a="1">&amp; ]]>   \u{1f600}\ttab\nline\r',
  });
});

test('what comes out holds no character that XML forbids', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(documentOf(text)).not.toMatch(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
    }),
  );
});

test('the time of a case is in seconds, without an exponent', () => {
  expect(readJunit(documentOf('x'))[0]?.attributes['time']).toBe('0.000');
});
