// Small hooks of the timeline.
import { useEffect, useState } from "react";

/** A value once it has rested: the panel does not read every event that the arrows pass. */
export function useRested<T>(value: T, milliseconds: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      setRested(value);
    }, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  }, [value, milliseconds]);
  return rested;
}

/** Whether the window is so many pixels wide. */
export function useWide(pixels: number): boolean {
  const [wide, setWide] = useState(() => window.innerWidth >= pixels);
  useEffect(() => {
    const listen = () => {
      setWide(window.innerWidth >= pixels);
    };
    window.addEventListener("resize", listen);
    return () => {
      window.removeEventListener("resize", listen);
    };
  }, [pixels]);
  return wide;
}
