/** Colours of Okabe and Ito, which people with any colour vision tell apart; darker ones on light ground, lighter ones on dark. */
const light = ['#0072b2', '#b34700', '#007a59', '#9c4a7d', '#8a6d00', '#2b6f97', '#444444', '#7a2e00'];
const dark = ['#56b4e9', '#ff9d57', '#3fd0a4', '#e29cc6', '#f0e442', '#9ad0f2', '#bbbbbb', '#ffc29b'];

const colours = (values: readonly string[]): string => values.map((value, i) => `--c${i}:${value}`).join(';');
const classes = light
  .map(
    (_, i) =>
      `.c${i}{color:var(--c${i})}circle.c${i},rect.c${i}{fill:var(--c${i})}line.c${i},polyline.c${i}{stroke:var(--c${i})}`,
  )
  .join('');

/** The style of the page of a comparison. */
export const style = [
  `:root{--ink:#1b1b1b;--soft:#5c5c5c;--ground:#fff;--line:#d9d9d9;--good:#006b3c;--bad:#b00020;--open:#7a5b00;${colours(light)}}`,
  `@media (prefers-color-scheme:dark){:root{--ink:#ececec;--soft:#a8a8a8;--ground:#161616;--line:#3a3a3a;--good:#5fd38d;--bad:#ff8a80;--open:#ffd166;${colours(dark)}}}`,
  'body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}',
  'main{max-width:880px;margin:0 auto;padding:24px}h1{font-size:1.5em;margin:0}h2{font-size:1.1em;margin:2em 0 .3em}',
  'table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.3em .9em .3em 0;text-align:right;vertical-align:top;border-bottom:1px solid var(--line)}',
  'th[scope=row],table.runs td,table.runs th{text-align:left;font-weight:400}small,.small{color:var(--soft);font-size:.86em}',
  '.scroll{overflow-x:auto}.best{font-weight:700;color:var(--good)}ul{padding-left:1.2em}pre{overflow-x:auto;border:1px solid var(--line);padding:.7em}',
  '.violated{color:var(--bad)}.undecided{color:var(--open)}.held{color:var(--good)}',
  'svg{width:100%;height:auto}svg text{fill:var(--soft);font:12px system-ui,sans-serif}svg text.label{fill:currentColor}',
  '.grid{stroke:var(--line);stroke-width:1}.none{stroke:var(--ink);stroke-width:1.5}.interval{opacity:.25}circle{opacity:.75}',
  '.estimate{stroke-width:3}.curve{fill:none;stroke-width:2}.bar{stroke-width:3}.even{fill:var(--soft);stroke:var(--soft)}',
  '@media print{details{display:block}}',
  classes,
].join('\n');
