import uPlot from 'uplot';
import type { Frame } from './view.ts';
import { ticksBetween } from './ticks.ts';

/** Half the height of the y axis's labels: above the highest and below the lowest value. */
export const plotPadding = 8;

/** For latencies. */
export const logarithmic: Pick<uPlot.Scale, 'distr' | 'log'> = {
  // uPlot declares a const enum for it, whose members do not outlive its types.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
  distr: 3,
  log: 10,
};

/** A uPlot that shows a frame: its columns lie where those of all other views do. What it draws on besides is up to `hooks`. */
export interface LinkedPlot {
  readonly show: (frame: Frame, data: uPlot.AlignedData) => void;
}

export interface LinkedPlotOptions {
  readonly plot: HTMLElement;
  readonly height: number;
  readonly y: uPlot.Scale;
  /** What the y axis shows; asked for at every picture. */
  readonly yLimits: () => readonly [min: number, max: number];
  readonly yAxis: Pick<uPlot.Axis, 'splits' | 'values'>;
  readonly series: (frame: Frame) => readonly uPlot.Series[];
  readonly under?: (context: CanvasRenderingContext2D, frame: Frame, plot: uPlot) => void;
  readonly over?: (context: CanvasRenderingContext2D, frame: Frame, plot: uPlot) => void;
}

export function linkedPlot(options: LinkedPlotOptions): LinkedPlot {
  let plot: uPlot | null = null;
  let look = '';
  let current: Frame;
  const build = (frame: Frame, data: uPlot.AlignedData): uPlot =>
    new uPlot(
      uplotOptions(options, frame, () => current),
      data,
      options.plot,
    );
  return {
    show: (frame, data) => {
      current = frame;
      // Colours and sizes are fixed when a plot is made; all else is set.
      const wanted = JSON.stringify([frame.width, frame.palette, window.devicePixelRatio]);
      if (plot === null || wanted !== look) {
        plot?.destroy();
        plot = build(frame, data);
        look = wanted;
        return;
      }
      const made = plot;
      made.batch(() => {
        made.setData(data, false);
        made.setScale('x', { min: frame.from, max: frame.to });
        const [min, max] = options.yLimits();
        made.setScale('y', { min, max });
      });
    },
  };
}

/** Draws in CSS pixels of the plot's element, clipped to the columns. */
function painted(
  paint: ((context: CanvasRenderingContext2D, frame: Frame, plot: uPlot) => void) | undefined,
  frame: () => Frame,
): (plot: uPlot) => void {
  return (plot) => {
    if (paint === undefined) return;
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top - plotPadding, bbox.width, bbox.height + 2 * plotPadding);
    ctx.clip();
    ctx.setLineDash([]); // a dashed series leaves its own
    ctx.scale(window.devicePixelRatio, window.devicePixelRatio);
    paint(ctx, frame(), plot);
    ctx.restore();
  };
}

function uplotOptions(options: LinkedPlotOptions, frame: Frame, current: () => Frame): uPlot.Options {
  const { palette } = frame;
  const grid = { stroke: palette.grid, width: 1 };
  return {
    width: frame.width,
    height: options.height,
    padding: [plotPadding, frame.width - frame.right, plotPadding, 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, auto: false, range: () => [current().from, current().to] },
      y: { ...options.y, auto: false, range: () => [...options.yLimits()] },
    },
    axes: [
      {
        size: 0,
        grid,
        ticks: { show: false },
        splits: () => ticksBetween(current().from, current().to, tickCountMax(current())),
        values: (_plot, splits) => splits.map(() => ''),
      },
      {
        size: frame.left,
        gap: 4,
        stroke: palette.ink,
        font: palette.smallFont,
        grid,
        ticks: { show: false },
        ...options.yAxis,
      },
    ],
    series: [{}, ...options.series(frame)],
    hooks: {
      drawClear: [painted(options.under, current)],
      draw: [painted(options.over, current)],
    },
  };
}

/** So that the labels of the shared axis never meet: the deeper the zoom, the more decimals they have. */
export function tickCountMax({ from, to, left, right }: Frame): number {
  // As if a tick were a microsecond; longer ones give shorter labels.
  const wholeDigits = Math.log10(Math.max(10, to / 1e6));
  const decimals = Math.max(0, 7 - Math.log10(to - from));
  const labelWidth = Math.max(64, (wholeDigits + decimals + 5) * 7 + 12);
  return Math.max(2, Math.floor((right - left) / labelWidth));
}
