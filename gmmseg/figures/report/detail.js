// The photo cut at any detail: a tree of regions, embedded as its leaves (crumbs) and what merges with what.
const detailSlider = async ({ hierarchy, photo, bytes, draw }) => {
  const byId = (id) => document.getElementById(id);
  const { width, height, count, wide } = hierarchy;
  const size = width * height;
  const state = { cut: "borders", merged: 0 };

  /* ---- the tree ---- */

  const inflated = async (text) => {
    const stream = new Blob([bytes(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  const coded = await inflated(hierarchy.crumbs);
  const packed = await inflated(hierarchy.tree);
  const view = new DataView(packed.buffer);
  const merges = count - 1;
  // In 32 bits, as contours have them.
  const heights = Float32Array.from({ length: merges }, (_, t) => view.getFloat64(8 * t, true));
  const parents = new Int32Array(2 * count - 1).fill(-1);
  for (let t = 0; t < merges; t++) {
    for (const side of [0, 1]) parents[view.getInt32(8 * merges + 4 * (2 * t + side), true)] = count + t;
  }
  // Sums of colours and areas go up the tree, as a merge comes after those of its two nodes.
  const sums = [0, 1, 2, 3].map(() => new Float64Array(2 * count - 1));
  for (let node = 0, at = 16 * merges; node < count; node++, at += 7) {
    const area = view.getUint32(at + 3, true);
    for (const c of [0, 1, 2]) sums[c][node] = area * packed[at + c];
    sums[3][node] = area;
  }
  for (let node = 0; node < 2 * count - 2; node++) {
    for (const sum of sums) sum[parents[node]] += sum[node];
  }

  // Each number is told apart from the one above, if the two before those are alike, or else from the one before.
  const crumbs = new Int32Array(size);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      let step = 0;
      for (let part = wide - 1; part >= 0; part--) step = 256 * step + coded[part * size + i];
      const left = x ? crumbs[i - 1] : 0;
      const up = y ? crumbs[i - width] : 0;
      const corner = x && y ? crumbs[i - width - 1] : 0;
      crumbs[i] = ((left === corner ? up : left) + step) % 256 ** wide;
    }
  }
  for (let i = 0; i < size; i++) crumbs[i] -= 1;

  // The merge that takes away the border to the right of a pixel or below it, the later of both.
  const known = new Map();
  const meeting = (a, b) => {
    if (a < 0 || b < 0) return -1;
    const key = a < b ? a * count + b : b * count + a;
    let node = known.get(key);
    if (node === undefined) {
      while (a !== b) {
        if (a < b) a = parents[a];
        else b = parents[b];
      }
      node = a;
      known.set(key, node);
    }
    return node - count;
  };
  const places = [];
  const lasting = [];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const here = crumbs[i];
      let merge = -1;
      if (x + 1 < width && crumbs[i + 1] !== here) merge = meeting(here, crumbs[i + 1]);
      if (y + 1 < height && crumbs[i + width] !== here) merge = Math.max(merge, meeting(here, crumbs[i + width]));
      if (merge < 0) continue;
      places.push(i);
      lasting.push(merge);
    }
  }

  /* ---- what is shown ---- */

  const canvas = byId("cut");
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const out = new Uint32Array(image.data.buffer);
  byId("cut-photo").src = photo.src;

  const roots = new Int32Array(2 * count - 1);
  const paints = new Uint32Array(count + 1);
  const fill = (alpha) => {
    // A node that merges among the first has the root of what it became.
    for (let node = 2 * count - 2; node >= 0; node--) {
      roots[node] = parents[node] >= 0 && parents[node] - count < state.merged ? roots[parents[node]] : node;
    }
    for (let c = 0; c < count; c++) {
      const root = roots[c];
      const mean = (channel) => Math.round(sums[channel][root] / Math.max(1, sums[3][root]));
      paints[c + 1] = ((alpha << 24) | (mean(2) << 16) | (mean(1) << 8) | mean(0)) >>> 0;
    }
    for (let i = 0; i < size; i++) out[i] = paints[crumbs[i] + 1];
  };
  // A border is as wide as can be seen where the picture is made small, and has a dark rim.
  const thick = Math.max(width, height) > 500 ? 2 : 1;
  const stroke = (near, paint) => {
    for (let n = 0; n < places.length; n++) {
      if (lasting[n] < state.merged) continue;
      const i = places[n];
      const x = i % width;
      for (let down = -near; down < thick + near; down++) {
        for (let right = -near; right < thick + near; right++) {
          const at = i + down * width + right;
          if (x + right >= 0 && x + right < width && at >= 0 && at < size) out[at] = paint;
        }
      }
    }
  };
  const lines = (rim) => {
    stroke(1, rim);
    stroke(0, 0xffffffff);
  };
  const strengths = () => {
    // Faint borders are faint here, and stand beside strong ones.
    for (let n = 0; n < places.length; n++) {
      if (lasting[n] < state.merged) continue;
      const strength = heights[lasting[n]];
      const i = places[n];
      const ink = ((40 + Math.round(215 * strength)) << 24) >>> 0;
      for (const at of [i, i % width ? i - 1 : i, i >= width ? i - width : i]) if (ink > out[at]) out[at] = ink;
    }
  };
  const cuts = {
    borders: { caption: "The photo, and the borders that are left.", draw: () => lines(0x8c000000) },
    overlay: {
      caption: "Regions in their mean colours, laid thinly over the photo.",
      draw: () => {
        fill(168);
        lines(0x73000000);
      },
    },
    colours: { caption: "Regions in their mean colours.", draw: () => fill(255) },
    strengths: { caption: "The borders that are left; the darker, the stronger.", draw: strengths },
  };

  const slider = byId("detail-slider");
  const mergedAt = (detail) => {
    const threshold = Math.fround(1 - detail);
    let low = 0;
    for (let high = merges; low < high; ) {
      const middle = (low + high) >> 1;
      if (heights[middle] > threshold) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  // The cut that the page begins with need not be at a place of the slider.
  let given = hierarchy;
  slider.value = hierarchy.detail;
  const drawCut = () => {
    const began = performance.now();
    const value = given ? given.detail : Number(slider.value);
    state.merged = given && given.regions ? count - given.regions : mergedAt(value);
    out.fill(0);
    cuts[state.cut].draw();
    context.putImageData(image, 0, 0);
    const left = count - state.merged;
    const words = `${left} ${left === 1 ? "region" : "regions"}`;
    const told = Number(value.toFixed(2)) === value ? value.toFixed(2) : String(value);
    const made = mergedAt(value) === state.merged;
    byId("detail-told").textContent = made ? `Detail ${told}: ${words}.` : `${words}.`;
    byId("detail-caption").textContent = ` ${cuts[state.cut].caption}`;
    slider.setAttribute("aria-valuetext", made ? `${told}, ${words}` : words);
    const section = byId("detail-section");
    section.dataset.cut = state.cut;
    section.dataset.regions = left;
    section.dataset.milliseconds = Math.round(performance.now() - began);
  };
  slider.addEventListener("input", () => {
    given = null;
    draw(drawCut);
  });
  for (const button of document.querySelectorAll("button[data-cut]")) {
    button.addEventListener("click", () => {
      state.cut = button.dataset.cut;
      for (const other of document.querySelectorAll("button[data-cut]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      draw(drawCut);
    });
  }
  byId("detail-section").hidden = false;
  drawCut();
};
