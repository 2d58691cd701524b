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

// The keys of a group of radio buttons look its members up by name.
globalThis.CSS ??= {
  escape: (text: string) => text.replace(/[^\w-]/g, (letter) => `\\${letter}`),
} as unknown as typeof CSS;

// jsdom lays nothing out: every element is as large as a small window.
Object.defineProperties(HTMLElement.prototype, {
  offsetHeight: { configurable: true, value: 600 },
  offsetWidth: { configurable: true, value: 1200 },
  // An element without one, or on a page without a size, counts as not shown: a dialog would open without the focus.
  offsetParent: {
    configurable: true,
    get(this: HTMLElement) {
      return this.parentElement;
    },
  },
});
Object.defineProperties(Element.prototype, {
  clientHeight: { configurable: true, value: 600 },
  clientWidth: { configurable: true, value: 1200 },
});
HTMLBodyElement.prototype.getBoundingClientRect = () => new DOMRect(0, 0, 1200, 600);
Element.prototype.scrollTo ??= () => undefined;

afterEach(() => {
  cleanup();
});
