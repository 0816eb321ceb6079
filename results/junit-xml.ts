import { stripVTControlCharacters } from 'node:util';

/** One test case of a JUnit document. */
export interface JunitCase {
  readonly name: string;
  readonly seconds: number;
  readonly outcome: JunitOutcome;
}

/** `failure`: what was tested is wrong; `error`: it could not be tested. `kind` is what readers group by. */
export type JunitOutcome =
  | { readonly type: 'passed' }
  | { readonly type: 'skipped'; readonly message: string }
  | {
      readonly type: 'failure' | 'error';
      readonly kind: string;
      readonly message: string;
      readonly text: string;
    };

/** One `<testsuite>`. */
export interface JunitSuite {
  readonly name: string;
  readonly date: Date;
  readonly seconds: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly JunitCase[];
  readonly output: string;
}

/**
 * A document that keeps to both schemas in use: that of Ant's tasks (windyroad/JUnit-Schema), whose root has no attributes and whose suites
 * have all of theirs, and that of Jenkins' xunit plugin (junit-10.xsd), which knows no exponents in times.
 */
export const junitXml = (suites: readonly JunitSuite[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n');

function suiteLines(suite: JunitSuite, id: number): string[] {
  const { name, date, seconds, properties, cases, output } = suite;
  const count = (type: JunitOutcome['type']): number =>
    cases.filter(({ outcome }) => outcome.type === type).length;
  const attributes = {
    id: String(id),
    package: 'ftcheck',
    name,
    timestamp: date.toISOString().slice(0, 19), // in UTC: the schema has no place for a zone
    hostname: 'localhost',
    tests: String(cases.length),
    failures: String(count('failure')),
    errors: String(count('error')),
    skipped: String(count('skipped')),
    time: secondsText(seconds),
  };
  return [
    `  <testsuite${attributesText(attributes)}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([key, value]) => `      <property${attributesText({ name: key, value })}/>`,
    ),
    '    </properties>',
    ...cases.flatMap((one) => caseLines(one, name)),
    `    <system-out>${escaped(output)}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>',
  ];
}

function caseLines({ name, seconds, outcome }: JunitCase, classname: string): string[] {
  const open = `    <testcase${attributesText({ classname, name, time: secondsText(seconds) })}`;
  switch (outcome.type) {
    case 'passed':
      return [`${open}/>`];
    case 'skipped':
      return [
        `${open}>`,
        `      <skipped${attributesText({ message: outcome.message })}/>`,
        '    </testcase>',
      ];
    case 'failure':
    case 'error': {
      const { type, kind, message, text } = outcome;
      const element = `<${type}${attributesText({ message, type: kind })}>${escaped(text)}</${type}>`;
      return [`${open}>`, `      ${element}`, '    </testcase>'];
    }
  }
}

const attributesText = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll(/[\n\r\t]/g, reference)}"`)
    .join('');

const secondsText = (seconds: number): string => seconds.toFixed(3);

/** A raw line end in an attribute would be read as a space. */
const reference = (character: string): string => `&#${character.charCodeAt(0)};`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text as XML 1.0 may hold it (section 2.2): most control characters and unpaired surrogates have no form there, not even escaped. */
const escaped = (text: string): string =>
  Array.from(stripVTControlCharacters(text))
    .filter(isXmlCharacter)
    .map((character) => entities[character] ?? character)
    .join('');

function isXmlCharacter(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return !isSurrogate && code !== 0xfffe && code !== 0xffff;
}
