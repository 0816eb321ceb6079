/** The script of report.html: puts linked views into a page whose main facts stand there without it. */
import 'uplot/dist/uPlot.min.css';
import './report.css';
import './timeline.css';
import { cdfView } from './cdf.ts';
import { button, element } from './elements.ts';
import { readEmbedded } from './embedded.ts';
import { wireTheme } from './palette.ts';
import { makeTimeline } from './timeline.ts';

start().catch((error: unknown) => {
  note(
    `The interactive views do not work here (${error instanceof Error ? error.message : String(error)}); what follows is the static page.`,
  );
  throw error;
});

async function start(): Promise<void> {
  const data = await readEmbedded();
  const place = placeOf('timeline');
  const timeline = makeTimeline(data, () => place.clientWidth);
  const cdfPlace = document.getElementById('cdf');
  const cdf = cdfPlace === null ? null : cdfView(data, () => cdfPlace.clientWidth);
  const redraw = (): void => {
    leaveRoomForNavigation();
    timeline.redraw();
    cdf?.redraw();
  };
  // Only what has been drawn once takes the place of what stood there.
  redraw();
  replaceBody(place, timeline.root);
  if (cdfPlace !== null) {
    const nothing = element('p', {}, 'No operation was ok, so there is nothing to draw.');
    replaceBody(cdfPlace, cdf?.root ?? nothing);
  }
  const toggle = button('', 'Switch colours', () => {});
  toggle.classList.add('theme-toggle');
  document.body.prepend(toggle);
  wireTheme(toggle, redraw);
  document
    .getElementById('counterexample')
    ?.append(button('Show it in the timeline', 'Show it in the timeline', timeline.showCounterexample));
  watchWidth(place, redraw);
  wirePrint(redraw);
  window.addEventListener('error', ({ message }) => note(`A view failed: ${message}`));
  performance.mark('ftcheck-ready');
  document.documentElement.dataset['ready'] = 'true';
}

function placeOf(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no place ${id}`);
  return found;
}

/** Both the page's navigation and the time axis stay at the top of the window. */
function leaveRoomForNavigation(): void {
  const navigation = document.querySelector('nav');
  const isSticky = navigation !== null && getComputedStyle(navigation).position === 'sticky';
  const height = isSticky ? navigation.offsetHeight : 0;
  document.documentElement.style.setProperty('--tl-top', `${height}px`);
}

/** Keeps the section's own heading. */
function replaceBody(section: HTMLElement, body: HTMLElement): void {
  const heading = section.querySelector(':scope > :is(h2, h3)');
  section.replaceChildren(...(heading === null ? [] : [heading]), body);
}

function watchWidth(place: HTMLElement, redraw: () => void): void {
  let last = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === last || place.clientWidth === 0) return;
    last = place.clientWidth;
    requestAnimationFrame(redraw);
  }).observe(place);
}

/** On paper: light, and as wide as the paper. */
function wirePrint(redraw: () => void): void {
  const root = document.documentElement;
  let theme: string | undefined;
  window.addEventListener('beforeprint', () => {
    theme = root.dataset['theme'];
    root.dataset['theme'] = 'light';
    root.classList.add('printing');
    redraw();
  });
  window.addEventListener('afterprint', () => {
    root.classList.remove('printing');
    if (theme === undefined) delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    redraw();
  });
}

function note(text: string): void {
  document.body.prepend(element('p', { class: 'script-note', role: 'status' }, text));
}
