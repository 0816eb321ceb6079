/** Colours of the page's style sheet (timeline.css), as a canvas needs them. */
export interface Palette {
  readonly ink: string;
  readonly faint: string;
  readonly grid: string;
  readonly paper: string;
  readonly lane: string;
  readonly faultBand: string;
  readonly mark: string;
  readonly ok: string;
  readonly fail: string;
  readonly info: string;
  readonly detect: string;
  readonly agree: string;
  readonly recover: string;
  readonly outage: string;
  readonly fault: string;
  /** Roles and other names without a colour of their own, in order of appearance. */
  readonly names: readonly string[];
  readonly font: string;
  readonly smallFont: string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--tl-${name}`).trim();
  const family = getComputedStyle(document.body).fontFamily;
  return {
    ink: colour('ink'),
    faint: colour('faint'),
    grid: colour('grid'),
    paper: colour('paper'),
    lane: colour('lane'),
    faultBand: colour('fault-band'),
    mark: colour('mark'),
    ok: colour('ok'),
    fail: colour('fail'),
    info: colour('info'),
    detect: colour('detect'),
    agree: colour('agree'),
    recover: colour('recover'),
    outage: colour('outage'),
    fault: colour('fault'),
    names: [1, 2, 3, 4, 5, 6].map((number) => colour(`name-${number}`)),
    font: `12px ${family}`,
    smallFont: `11px ${family}`,
  };
}

/**
 * A button that turns the page dark or light, whatever the system says: it sets `data-theme` on <html>. `changed` is called after it, and
 * when the system's own theme changes.
 */
export function wireTheme(toggle: HTMLButtonElement, changed: () => void): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const isDark = (): boolean => (root.dataset['theme'] ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  const label = (): void => {
    toggle.textContent = isDark() ? 'Light' : 'Dark';
    toggle.setAttribute('aria-label', isDark() ? 'Switch to light colours' : 'Switch to dark colours');
  };
  const turned = (): void => {
    label();
    changed();
  };
  toggle.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    turned();
  });
  dark.addEventListener('change', turned);
  label();
}
