// What jsdom lacks of a browser, for all tests.
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

class NoObserver {
  observe() {
    return undefined;
  }
  unobserve() {
    return undefined;
  }
  disconnect() {
    return undefined;
  }
}

globalThis.ResizeObserver ??= NoObserver as unknown as typeof ResizeObserver;
globalThis.IntersectionObserver ??= NoObserver as unknown as typeof IntersectionObserver;
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }) as unknown as MediaQueryList;

// jsdom lays nothing out: every element is as large as a small window.
Object.defineProperties(HTMLElement.prototype, {
  offsetHeight: { configurable: true, value: 600 },
  offsetWidth: { configurable: true, value: 1200 },
});
Object.defineProperties(Element.prototype, {
  clientHeight: { configurable: true, value: 600 },
  clientWidth: { configurable: true, value: 1200 },
});
Element.prototype.scrollTo ??= () => undefined;

afterEach(() => {
  cleanup();
});
