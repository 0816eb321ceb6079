/**
 * Points counted by cells of the screen. Every point falls into a cell and every cell with a point is drawn, so that no outlier is ever lost,
 * however many points there are.
 */
export interface Density {
  readonly columns: number;
  readonly rows: number;
  readonly counts: Uint32Array;
  readonly most: number;
}

export interface Points {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Only points for which this is 1. */
  readonly passes: ArrayLike<number>;
  /** Only points of this class. */
  readonly classes: ArrayLike<number>;
  readonly class: number;
}

export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly xFrom: number;
  readonly xTo: number;
  readonly yFrom: number;
  readonly yTo: number;
}

/** Of the points with index in [first, last); row 0 is the top. Points beyond the sides are left out, beyond top and bottom kept. */
export function densityOf(points: Points, first: number, last: number, grid: Grid): Density {
  const { columns, rows, xFrom, xTo, yFrom, yTo } = grid;
  const counts = new Uint32Array(columns * rows);
  const xScale = columns / (xTo - xFrom);
  const yScale = rows / (yTo - yFrom);
  let most = 0;
  for (let index = first; index < last; index++) {
    if (points.passes[index] !== 1 || points.classes[index] !== points.class) continue;
    const x = (points.x[index] ?? 0) - xFrom;
    if (x < 0 || x > xTo - xFrom) continue;
    const column = Math.min(columns - 1, Math.floor(x * xScale));
    const row = rows - 1 - Math.floor(((points.y[index] ?? 0) - yFrom) * yScale);
    const cell = Math.max(0, Math.min(rows - 1, row)) * columns + column;
    const count = (counts[cell] ?? 0) + 1;
    counts[cell] = count;
    if (count > most) most = count;
  }
  return { columns, rows, counts, most };
}

/** One pixel for each cell: the more points, the less transparent; a single point is still seen. */
export function paintDensity({ columns, rows, counts, most }: Density, colour: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws no canvas');
  const [red, green, blue] = rgbOf(context, colour);
  const image = context.createImageData(columns, rows);
  const alphas = alphaTable(most);
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] ?? 0;
    if (count === 0) continue;
    const at = cell * 4;
    image.data[at] = red;
    image.data[at + 1] = green;
    image.data[at + 2] = blue;
    image.data[at + 3] = alphas[Math.min(count, alphas.length - 1)] ?? 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Logarithmic, so that one point and a hundred differ as a hundred and ten thousand do. */
function alphaTable(most: number): readonly number[] {
  const size = Math.min(most, 1000) + 1;
  const scale = Math.log1p(size);
  return Array.from({ length: size }, (_, count) =>
    Math.round(255 * (0.45 + 0.55 * (Math.log1p(count) / scale))),
  );
}

function rgbOf(context: CanvasRenderingContext2D, colour: string): readonly [number, number, number] {
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  context.clearRect(0, 0, 1, 1);
  return [red, green, blue];
}
