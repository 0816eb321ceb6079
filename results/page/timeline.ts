import type { ReportData } from '../report/report-data.ts';
import { element } from './elements.ts';
import { faultView } from './fault-view.ts';
import { makeFilter } from './filter.ts';
import { axisKey, wireGestures } from './gestures.ts';
import { historyView, type HistoryView } from './history-view.ts';
import { latencyView } from './latency-view.ts';
import { nodeView } from './node-view.ts';
import { readPalette } from './palette.ts';
import { phaseView } from './phase-view.ts';
import { axisStrip, makeTooltip, type Tooltip } from './readout.ts';
import { throughputView } from './throughput-view.ts';
import { makeTimeAxis, type TimeAxis } from './time-axis.ts';
import { makeToolbar } from './toolbar.ts';
import { makeFrame, type View } from './view.ts';

export interface Timeline {
  readonly root: HTMLElement;
  /** Draws everything anew: after a change of size or colours. */
  readonly redraw: () => void;
  /** Zooms to the counterexample; without one, nothing happens. */
  readonly showCounterexample: () => void;
}

const keysText =
  'Keys: plus and minus zoom, left and right arrow move, 0 shows the whole run; up and down arrow choose a client, n and p its next and previous operation.';

/** All views over one time axis. `width` is asked for whenever it is drawn anew. */
export function makeTimeline(data: ReportData, width: () => number): Timeline {
  const axis = makeTimeAxis(data.facts.end);
  const filter = makeFilter(data);
  const history = historyView(data, filter);
  const views: readonly View[] = [
    latencyView(data, filter),
    throughputView(data, filter),
    faultView(data),
    ...(data.facts.outages.length === 0 ? [] : [phaseView(data)]),
    ...(data.facts.nodes.length === 0 ? [] : [nodeView(data)]),
    history,
  ];
  const strip = axisStrip(data, axis);
  const stack = element(
    'div',
    {
      class: 'stack',
      tabindex: 0,
      role: 'group',
      'aria-label': `Linked views over the time of the run. ${keysText}`,
    },
    ...views.map(({ root }) => root),
  );
  const showCounterexample = (): void => {
    const example = data.facts.counterexample;
    if (example === null) return;
    const margin = Math.max(10, (example.to - example.from) * 0.15);
    axis.show({ from: example.from - margin, to: example.to + margin });
    const behavior = window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
    history.root.scrollIntoView({ behavior, block: 'center' });
    stack.focus({ preventScroll: true });
  };
  const toolbar = makeToolbar(data, axis, showCounterexample);
  const root = element(
    'div',
    { class: 'timeline' },
    filter.root,
    element('div', { class: 'sticky' }, toolbar, strip.root),
    stack,
    element(
      'p',
      { class: 'help' },
      `Drag to zoom, shift and drag to move, wheel with ctrl or shift to zoom. ${keysText}`,
    ),
  );

  let frame = makeFrame(axis.range(), 1000, readPalette());
  const draw = (): void => {
    performance.mark('ftcheck-draw');
    frame = makeFrame(axis.range(), width(), frame.palette);
    strip.draw(frame);
    for (const view of views) view.draw(frame);
    performance.measure('ftcheck-drawn', 'ftcheck-draw');
  };
  const drawSoon = oncePerFrame(draw);
  const tooltip = makeTooltip(stack);
  axis.onRange(drawSoon);
  filter.onChange(() => {
    tooltip.hide();
    drawSoon();
  });
  wireGestures(
    stack,
    views.map(({ plot }) => plot),
    axis,
    () => frame,
  );
  wireHover(views, tooltip, axis);
  wireKeys(stack, axis, history, tooltip, showCounterexample);
  return {
    root,
    showCounterexample,
    redraw: () => {
      frame = { ...frame, palette: readPalette() };
      draw();
    },
  };
}

/** A drag or a wheel asks for more pictures than a screen can show. */
function oncePerFrame(act: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      act();
    });
  };
}

function wireHover(views: readonly View[], tooltip: Tooltip, axis: TimeAxis): void {
  axis.onRange(tooltip.hide);
  for (const { plot, hit } of views) {
    plot.addEventListener('pointermove', (event) => {
      const box = plot.getBoundingClientRect();
      const found = event.buttons === 0 ? hit(event.clientX - box.left, event.clientY - box.top) : null;
      if (found === null) tooltip.hide();
      else tooltip.show(plot, found);
    });
    plot.addEventListener('pointerleave', tooltip.hide);
  }
}

function wireKeys(
  stack: HTMLElement,
  axis: TimeAxis,
  history: HistoryView,
  tooltip: Tooltip,
  showCounterexample: () => void,
): void {
  const choose = (by: Parameters<HistoryView['step']>[0]): void => {
    const chosen = history.step(by);
    if (chosen === null) return;
    const { from, to } = axis.range();
    if (chosen.from < from || chosen.from > to) {
      axis.show({ from: chosen.from - (to - from) / 2, to: chosen.from + (to - from) / 2 });
    }
    // After the picture that a move asked for.
    requestAnimationFrame(() => {
      history.plot.scrollIntoView({ block: 'nearest' });
      const hit = chosen.hit();
      if (hit !== null) tooltip.show(history.plot, hit, true);
    });
  };
  stack.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowDown: () => choose({ lanes: 1 }),
      ArrowUp: () => choose({ lanes: -1 }),
      n: () => choose({ operations: 1 }),
      p: () => choose({ operations: -1 }),
      c: showCounterexample,
      Escape: tooltip.hide,
    }[event.key];
    act?.();
    if (act !== undefined || axisKey(event.key, axis)) event.preventDefault();
  });
}
