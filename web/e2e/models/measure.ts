// What a person waits for, measured inside the page.
import type { Page } from "@playwright/test";

interface Measured {
  /** Milliseconds from the start of the navigation until the first event is drawn */
  firstRows: number | null;
  shift: number;
  keys: number[];
  frames: number[];
  stopFrames: () => void;
}

declare global {
  interface Window {
    measured: Measured;
  }
}

/** Milliseconds, except for the shift, which has no unit. */
export interface Opening {
  firstPaint: number;
  firstRows: number;
  shift: number;
}

/** Makes every page of this tab measure itself from its first moment on. */
export async function measureOpening(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.measured = { firstRows: null, shift: 0, keys: [], frames: [], stopFrames: () => {} };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[]) {
        if (!entry.hadRecentInput) window.measured.shift += entry.value;
      }
    }).observe({ type: "layout-shift", buffered: true });
    const observer = new MutationObserver(() => {
      if (document.querySelector('[role="row"] time') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        window.measured.firstRows = performance.now();
      });
    });
    observer.observe(document, { childList: true, subtree: true });
  });
}

/** After the rows came: what opening the page was like. */
export async function openingOf(page: Page): Promise<Opening> {
  await page.waitForFunction(() => window.measured.firstRows !== null);
  await page.waitForLoadState("networkidle");
  return page.evaluate(() => ({
    firstPaint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
    firstRows: window.measured.firstRows ?? 0,
    shift: window.measured.shift,
  }));
}

/** Milliseconds from each press of a key until the row that it moved to is drawn. */
export async function keyTimes(page: Page, key: string, presses: number): Promise<number[]> {
  await page.evaluate(() => {
    const grid = document.activeElement;
    window.measured.keys = [];
    let pressed: number | null = null;
    document.addEventListener(
      "keydown",
      (event) => {
        pressed = event.timeStamp;
      },
      { capture: true },
    );
    new MutationObserver(() => {
      if (pressed === null) return;
      const from = pressed;
      pressed = null;
      // A task that is set up before a frame is drawn comes after it.
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          window.measured.keys.push(performance.now() - from);
        };
        channel.port2.postMessage(null);
      });
    }).observe(grid ?? document.body, { attributeFilter: ["aria-activedescendant"] });
  });
  for (let press = 1; press <= presses; press += 1) {
    await page.keyboard.press(key);
    await page.waitForFunction((count) => window.measured.keys.length >= count, press);
  }
  return page.evaluate(() => window.measured.keys);
}

/** Milliseconds between the frames while the wheel turns over the middle of the page. */
export async function frameTimes(page: Page, turns: number, by: number): Promise<number[]> {
  await page.evaluate(() => {
    const { frames } = window.measured;
    let last = performance.now();
    let on = true;
    const frame = (now: number) => {
      frames.push(now - last);
      last = now;
      if (on) requestAnimationFrame(frame);
    };
    window.measured.stopFrames = () => {
      on = false;
    };
    requestAnimationFrame(frame);
  });
  for (let turn = 0; turn < turns; turn += 1) await page.mouse.wheel(0, by);
  return page.evaluate(() => {
    window.measured.stopFrames();
    return window.measured.frames.slice(1);
  });
}

/** Milliseconds of the processor that the page's main thread has used for what `act` does: other work does not count. */
export async function threadTime(page: Page, act: () => Promise<void>): Promise<number> {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => {
    const { metrics } = await client.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
  };
  const before = await spent();
  await act();
  const after = await spent();
  await client.detach();
  return (after - before) * 1000;
}

/** The value that a share of the values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
