// Turns the static drawings of the page into live charts. All data is in the
// <script type="application/json"> of each figure; the only code is here. If
// anything fails, the static drawing stays.
(function () {
  'use strict';

  var root = document.documentElement;
  var narrow = 560;

  function colour(name) {
    return getComputedStyle(root).getPropertyValue('--' + name).trim();
  }

  function escape(text) {
    return String(text).replace(/[&<>"']/g, function (c) {
      return '&#' + c.charCodeAt(0) + ';';
    });
  }

  function cut(text, n) {
    var all = Array.from(String(text));
    return '\u2068' + (all.length > n ? all.slice(0, n - 1).join('') + '\u2026' : text) + '\u2069';
  }

  // The text of the tick nearest to a value.
  function tick(ticks, value) {
    var best = null;
    ticks.forEach(function (t) {
      if (best === null || Math.abs(t.At - value) < Math.abs(best.At - value)) best = t;
    });
    return best ? best.Text : '';
  }

  function row(series, text) {
    return '<div class="tip"><i class="swatch c' + series.index + '"></i><b>' + escape(text) +
      '</b> <bdi>' + escape(cut(series.name, 40)) + '</bdi></div>';
  }

  // A band between two staircases: all rows (x, low, high) at once, as one polygon.
  function steps(opacity) {
    return function (params, api) {
      if (params.dataIndex > 0) return null;
      var up = [], down = [], n = params.dataInsideLength;
      for (var i = 0; i < n; i++) {
        var until = api.value(0, Math.min(i + 1, n - 1));
        [api.value(0, i), until].forEach(function (x) {
          up.push(api.coord([x, api.value(2, i)]));
          down.unshift(api.coord([x, api.value(1, i)]));
        });
      }
      return { type: 'polygon', silent: true, shape: { points: up.concat(down) }, style: { fill: api.visual('color'), opacity: opacity } };
    };
  }

  // The functions that options may name, for one chart.
  function functionsFor(live) {
    function one(params) { return live.series[0]; }
    return {
      '@x': function (value) { return tick(live.x, value); },
      '@y': function (value) { return tick(live.y, value); },

      // A curve keeps its value until the next point, so it is looked up, not interpolated.
      '@curves': function (params) {
        var first = params[0], at = first.axisValue, head = '';
        var rows = live.series.map(function (s) {
          var i = 0;
          while (i + 1 < s.at.length && s.at[i + 1] <= at) i++;
          if (head === '') head = s.x[i];
          var past = !live.stays && at > s.at[s.at.length - 1];
          return row(s, (past ? 'at most ' : '') + s.y[i]);
        });
        live.series.forEach(function (s) {
          var i = s.at.indexOf(at);
          if (i >= 0) head = s.x[i];
        });
        return '<div class="tiphead">' + escape(live.reads + ' ' + head) + '</div>' + rows.join('');
      },

      // All fans have the same times.
      '@fans': function (params) {
        var at = params[0].axisValue, i = 0, s = live.series[0];
        while (i + 1 < s.at.length && s.at[i + 1] <= at) i++;
        return '<div class="tiphead">' + escape(live.reads + ' ' + s.x[i]) + '</div>' + live.series.map(function (s) {
          return row(s, s.y[i]) + '<div class="tiprest">' + escape(s.labels[i]) + '</div>';
        }).join('');
      },
      '@outer': steps(0.16),
      '@inner': steps(0.3),

      '@flow': function (params) {
        var s = one(params);
        if (params.dataType === 'edge') return escape(s.labels[params.dataIndex]);
        return '<b>' + escape(s.y[params.dataIndex]) + '</b> <bdi>' + escape(s.x[params.dataIndex]) + '</bdi>';
      },
      '@node': function (params) {
        var s = one(params);
        return s.y[params.dataIndex] + ' ' + cut(s.x[params.dataIndex], 30);
      },

      '@dots': function (params) {
        var s = live.series[params.seriesIndex];
        return row(s, s.x[params.dataIndex]);
      },

      // The names of rows come after the rows themselves, one a row.
      '@row': function (params) {
        var s = live.series[params.seriesIndex - live.series.length];
        return cut(s.name, 40) + (s.end ? '  ' + s.end : '');
      },

      '@name': function (params) {
        var found = live.series.filter(function (s) { return s.name === params.seriesName; })[0];
        return found && found.end ? cut(params.seriesName, 20) + '\n' + found.end : cut(params.seriesName, 28);
      },

      '@band': function (params, api) {
        if (params.dataIndex > 0) return null;
        var up = [], down = [];
        for (var i = 0; i < params.dataInsideLength; i++) {
          up.push(api.coord([api.value(0, i), api.value(2, i)]));
          down.unshift(api.coord([api.value(0, i), api.value(1, i)]));
        }
        return { type: 'polygon', silent: true, shape: { points: up.concat(down) }, style: { fill: api.visual('color'), opacity: 0.16 } };
      }
    };
  }

  var dashes = { '@dash0': 'solid', '@dash1': [8, 4], '@dash2': [2, 3], '@dash3': [10, 3, 2, 3], '@dash4': [16, 4], '@mean': [5, 4], '@read': [3, 3] };
  var colourKeys = { color: 1, borderColor: 1, backgroundColor: 1 };
  var functionKeys = { formatter: 1, renderItem: 1 };

  // Puts colours, dashes and functions in the place of their names, and only
  // under the keys that hold one: a name from a scenario is never looked up.
  function resolve(node, functions) {
    if (!node || typeof node !== 'object') return;
    Object.keys(node).forEach(function (key) {
      var value = node[key];
      if (typeof value !== 'string') return resolve(value, functions);
      if (value.charAt(0) !== '@') return;
      if (colourKeys[key]) node[key] = colour(value.slice(1));
      else if (functionKeys[key]) node[key] = functions[value];
      else if (key === 'type') node[key] = dashes[value];
    });
  }

  // What go-echarts has no field for, and what depends on the room there is.
  function finish(options, width) {
    var font = getComputedStyle(root).getPropertyValue('--sans').trim();
    options.textStyle = { fontFamily: font, fontSize: 13 };
    options.tooltip.confine = true;
    options.tooltip.transitionDuration = 0;
    options.tooltip.textStyle = { color: colour('ink'), fontFamily: font, fontSize: 14 };
    options.tooltip.extraCssText = 'box-shadow:none;border-radius:2px';
    options.series.forEach(function (s) {
      if (s.type === 'scatter' && s.label && s.label.show) {
        s.label.textBorderColor = colour('paper');
        s.label.textBorderWidth = 5;
        s.silent = true;
      }
    });
    if (width < narrow && options.xAxis) {
      [].concat(options.grid).forEach(function (grid) { grid.right = 16; });
      options.series = options.series.filter(function (s) { return !(s.label && s.label.show); });
    }
  }

  // On a small screen the columns of dots stand closer, and so do the dots.
  function shrinkDots(options, box) {
    var share = box.clientWidth / 720, grid = options.grid;
    var tall = box.dataset.height - grid.top - grid.bottom;
    box.style.height = box.dataset.height - tall * (1 - share) + 'px';
    options.series.forEach(function (s) {
      s.data.forEach(function (d) { d.symbolSize *= share; });
    });
  }

  function draw(figure) {
    var box = figure.querySelector('.live');
    var live = JSON.parse(figure.querySelector('script').textContent);
    if (box.chart) box.chart.dispose();
    figure.classList.add('drawn');
    box.style.height = box.dataset.height + 'px';
    try {
      var options = live.options;
      finish(options, box.clientWidth);
      if (live.dots && box.clientWidth < narrow) shrinkDots(options, box);
      resolve(options, functionsFor(live));
      box.chart = echarts.init(box, null, { renderer: 'svg' });
      box.chart.setOption(options);
    } catch (fault) {
      figure.classList.remove('drawn');
      throw fault;
    }
  }

  var figures = Array.prototype.slice.call(document.querySelectorAll('figure[data-live]'));

  // A page of many studies is there at once: charts beyond the first come one by
  // one, and until then their drawings stand in their places.
  var waiting = figures.slice(30);
  function next() {
    if (waiting.length === 0) return;
    draw(waiting.shift());
    setTimeout(next);
  }
  figures.slice(0, 30).forEach(draw);
  setTimeout(next);

  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', function () {
    figures.forEach(draw);
  });

  var last = root.clientWidth;
  window.addEventListener('resize', function () {
    if (root.clientWidth === last) return;
    last = root.clientWidth;
    figures.forEach(draw);
  });
})();
