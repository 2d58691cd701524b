// The bars of an overview on a canvas. Loaded when it is first shown; all that acts lies above it.
import { BarChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

echarts.use([BarChart, GridComponent, CanvasRenderer]);

export interface OverviewBarsProps {
  /** Heights (0 to 1) a bar, a kind each */
  bars: readonly (readonly number[])[];
  colours: readonly string[];
}

export default function OverviewBars({ bars, colours }: OverviewBarsProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = echarts.init(element, null, { renderer: "canvas" });
    chart.current = made;
    const observer = new ResizeObserver(() => {
      made.resize();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption(
      {
        animation: false,
        silent: true,
        grid: { left: 0, right: 0, top: 0, bottom: 0 },
        xAxis: { type: "category", show: false, data: bars.map((_, index) => index) },
        yAxis: { type: "value", show: false, min: 0, max: 1 },
        series: colours.map((color, kind) => ({
          type: "bar",
          stack: "all",
          barCategoryGap: bars.length > 120 ? "14%" : "8%",
          itemStyle: { color },
          data: bars.map((bar) => bar[kind] ?? 0),
        })),
      },
      { notMerge: true },
    );
  }, [bars, colours]);

  return <div ref={box} style={{ width: "100%", height: "100%" }} aria-hidden />;
}
