// The parts of Apache ECharts that a rollrisk report draws with, and nothing else.
// Every chart type and component named here costs bytes in every report ever
// written, so a line is added only together with the chart that needs it.
import * as core from 'echarts/core';
import {
  BarChart, BoxplotChart, CustomChart, HeatmapChart, LineChart, SankeyChart, ScatterChart,
} from 'echarts/charts';
import {
  AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent,
  TitleComponent, TooltipComponent, VisualMapComponent,
} from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

core.use([
  BarChart, BoxplotChart, CustomChart, HeatmapChart, LineChart, SankeyChart, ScatterChart,
  AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent,
  TitleComponent, TooltipComponent, VisualMapComponent, SVGRenderer,
]);

export const init = core.init;
export const version = core.version;
