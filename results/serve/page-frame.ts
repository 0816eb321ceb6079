import { html, type Html, type HtmlPart } from '../report/html.ts';

/** A page of the server: no scripts, its style from /style.css. */
export const page = (title: string, body: HtmlPart): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <nav><a href="/">Runs</a></nav>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `.markup;

/** A verdict, by word and by colour. */
export const badge = (state: string): Html => html`<span class="badge ${state}">${state}</span>`;

/** Where the page of a run is. */
export const runPath = (name: string): string => `/run/${encodeURIComponent(name)}`;

export const style = `:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --quiet: #57606a; --line: #d0d7de; --link: #0b5cad;
  --good: #1a7f37; --bad: #b3261e; --open: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --quiet: #9aa4af; --line: #30363d; --link: #79b8ff;
  --good: #56d364; --bad: #ff7b72; --open: #e3b341; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
nav, main { padding: .8rem 1.2rem; } nav { border-bottom: 1px solid var(--line); }
a { color: var(--link); }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 1.8rem; }
form.filter { display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: end; margin-bottom: 1rem; }
label { display: inline-flex; flex-direction: column; color: var(--quiet); font-size: .85rem; }
select, button { font: inherit; padding: .15rem .5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); }
td.reason { min-width: 10rem; max-width: 44rem; overflow-wrap: anywhere; } td.name, td.time { white-space: nowrap; }
.quiet { color: var(--quiet); }
.badge { font-weight: 600; } .valid { color: var(--good); } .invalid { color: var(--bad); }
.unknown, .unfinished, .broken { color: var(--open); }
.badge.valid::before { content: '✓ '; } .badge.invalid::before { content: '✗ '; } .badge.unknown::before { content: '? '; }
.badge.unfinished::before { content: '… '; } .badge.broken::before { content: '! '; }
pre { overflow-x: auto; padding: .6rem; border: 1px solid var(--line); }
.differs th, .differs td { font-weight: 600; }
`;
