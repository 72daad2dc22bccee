// The page's state, the stage and the legend. The colours in space are in cloud.js, which stands before this.
(async () => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const segments = data.segments;
  const k = segments.length;
  const named = data.noun[0].toUpperCase() + data.noun.slice(1);

  // What is shown: the view, how much of the photo, the segment that was chosen and the one the pointer is on.
  const state = { view: "segments", split: 50, chosen: -1, near: -1 };

  /* ---- small things ---- */

  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const rgbOf = (code) => [1, 3, 5].map((at) => parseInt(code.slice(at, at + 2), 16));
  const load = async (uri) => {
    const image = new Image();
    image.src = uri;
    await image.decode();
    return image;
  };
  const pixelsOf = (image, width, height) => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  };

  /* ---- copying ---- */

  let fading = 0;
  const say = (text) => {
    const toast = byId("toast");
    toast.textContent = text;
    toast.classList.add("up");
    clearTimeout(fading);
    fading = setTimeout(() => toast.classList.remove("up"), 1600);
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages opened from a disk have no clipboard in some browsers; the old way still works there.
      const field = document.createElement("textarea");
      field.value = text;
      field.style.position = "fixed";
      field.style.opacity = "0";
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    say(text.length > 40 ? "Copied" : `Copied ${text}`);
  };
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copy(button.dataset.copy));
  }

  /* ---- the stage ---- */

  const picture = byId("picture");
  const photo = byId("photo");
  const layer = byId("layer");
  const focus = byId("focus");
  const width = layer.width;
  const height = layer.height;
  const size = width * height;
  await photo.decode();
  const levels = pixelsOf(await load(data.labels), width, height);
  const labels = new Int16Array(size);
  for (let i = 0; i < size; i++) labels[i] = Math.round((levels[4 * i] * k) / 255) - 1;
  const photoPixels = pixelsOf(photo, width, height);
  const colors = segments.map((segment) => rgbOf(segment.color));
  const tints = segments.map((segment) => rgbOf(segment.tint));
  const stripe = Math.max(2, Math.round(Math.sqrt(size) / 90));
  const hatch = (i) => (Math.floor(((i % width) + Math.floor(i / width)) / stripe) % 2 ? 168 : 140);

  // Pixels whose right or lower neighbour has another label, widened by one step into a dark rim.
  const borders = new Uint8Array(size);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if ((x + 1 < width && labels[i] !== labels[i + 1]) || (y + 1 < height && labels[i] !== labels[i + width])) {
        borders[i] = 2;
        if (x && borders[i - 1] < 2) borders[i - 1] = 1;
        if (y && borders[i - width] < 2) borders[i - width] = 1;
        if (x + 1 < width && borders[i + 1] < 2) borders[i + 1] = 1;
        if (y + 1 < height && borders[i + width] < 2) borders[i + width] = 1;
      }
    }
  }

  const context = layer.getContext("2d");
  const painted = (mix) => {
    const image = context.createImageData(width, height);
    const out = image.data;
    for (let i = 0, p = 0; i < size; i++, p += 4) {
      const label = labels[i];
      if (label < 0) out[p] = out[p + 1] = out[p + 2] = hatch(i);
      else mix(out, p, i, label);
      out[p + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  };
  const masks = new Map();
  const maskOf = async (c) => {
    if (!masks.has(c)) masks.set(c, await load(data.masks[c]));
    return masks.get(c);
  };

  const views = {
    segments: {
      side: `${data.noun}s`,
      caption: `Each pixel in the colour of its ${data.noun}.`,
      draw: () =>
        painted((out, p, i, label) => {
          const color = colors[label];
          out[p] = color[0];
          out[p + 1] = color[1];
          out[p + 2] = color[2];
        }),
    },
    overlay: {
      side: "overlay",
      caption: "The photo’s light and shade, in the colours of the bars in the legend.",
      draw: () =>
        painted((out, p, i, label) => {
          const light = 0.299 * photoPixels[p] + 0.587 * photoPixels[p + 1] + 0.114 * photoPixels[p + 2];
          const tint = tints[label];
          const line = borders[i] === 2 ? 0.55 : 0;
          for (let c = 0; c < 3; c++) {
            const mixed = 0.55 * tint[c] + 0.45 * light;
            out[p + c] = mixed + (255 - mixed) * line;
          }
        }),
    },
    borders: {
      side: "borders",
      caption: `Where the ${data.noun}s meet.`,
      draw: () =>
        painted((out, p, i) => {
          const keep = [1, 0.45, 0][borders[i]];
          for (let c = 0; c < 3; c++) out[p + c] = borders[i] === 2 ? 255 : photoPixels[p + c] * keep;
        }),
    },
    soft: {
      side: "soft mask",
      caption: `How much each pixel belongs to the ${data.noun}: white is wholly, black not at all.`,
      draw: async () => {
        const c = shown();
        const mask = await maskOf(c);
        if (state.view !== "soft" || shown() !== c) return;
        context.imageSmoothingEnabled = true;
        context.drawImage(mask, 0, 0, width, height);
      },
    },
    uncertainty: {
      side: "uncertainty",
      caption: `How unsure the choice of the ${data.noun} is.`,
      draw: async () => {
        if (!uncertainty) uncertainty = pixelsOf(await load(data.uncertainty), width, height);
        if (state.view !== "uncertainty") return;
        const ramp = bytes(data.ramp);
        painted((out, p) => {
          const level = 3 * uncertainty[p];
          out[p] = ramp[level];
          out[p + 1] = ramp[level + 1];
          out[p + 2] = ramp[level + 2];
        });
      },
    },
  };
  let uncertainty = null;

  const shown = () => (state.near >= 0 ? state.near : state.chosen);
  const largest = segments.reduce((best, segment, c) => (segment.part > segments[best].part ? c : best), 0);

  // Everything but the segment is dimmed, on both sides of the divider; its border is white, with black outside.
  const focusContext = focus.getContext("2d");
  const drawFocus = () => {
    const c = state.view === "soft" ? -1 : shown();
    focus.dataset.segment = c;
    if (c < 0) {
      focusContext.clearRect(0, 0, width, height);
      return;
    }
    const image = focusContext.createImageData(width, height);
    const out = new Uint32Array(image.data.buffer);
    const dim = 0xc8100c0a; // alpha, blue, green, red
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const own = labels[i] === c;
        const edge =
          borders[i] &&
          ((x && (labels[i - 1] === c) !== own) ||
            (x + 1 < width && (labels[i + 1] === c) !== own) ||
            (y && (labels[i - width] === c) !== own) ||
            (y + 1 < height && (labels[i + width] === c) !== own));
        if (own) out[i] = edge ? 0xe6ffffff : 0;
        else out[i] = edge ? 0xf0000000 : dim;
      }
    }
    focusContext.putImageData(image, 0, 0);
  };

  const split = byId("split");
  const divider = byId("divider");
  const drawSplit = () => {
    layer.style.clipPath = `inset(0 0 0 ${state.split}%)`;
    divider.style.left = `${state.split}%`;
    split.value = state.split;
  };

  const detail = byId("detail");
  const hint = detail.innerHTML;
  const drawDetail = () => {
    if (state.chosen < 0) {
      detail.innerHTML = hint;
      return;
    }
    const segment = segments[state.chosen];
    const title = document.createElement("h3");
    title.textContent = `${named} ${segment.name}`;
    const list = document.createElement("dl");
    const facts = [["share", segment.share], ...segment.facts.filter(([heading]) => heading !== "share")];
    for (const [heading, value] of facts) {
      const line = document.createElement("div");
      const term = document.createElement("dt");
      const text = document.createElement("dd");
      term.textContent = heading;
      text.textContent = value;
      line.append(term, text);
      list.append(line);
    }
    detail.replaceChildren(title);
    if (data.masks.length) {
      const mask = document.createElement("img");
      mask.alt = `Soft mask of ${data.noun} ${segment.name}`;
      mask.src = data.masks[state.chosen];
      detail.append(mask);
    }
    detail.append(list);
  };

  const entries = [...document.querySelectorAll(".entry")];
  const marked = [...document.querySelectorAll("tr[data-segment], .component[data-segment]")];
  const drawMarks = () => {
    const c = shown();
    entries.forEach((entry, at) => entry.setAttribute("aria-pressed", String(at === state.chosen)));
    for (const element of marked) element.classList.toggle("on", Number(element.dataset.segment) === c);
    document.body.classList.toggle("chosen-one", c >= 0);
    document.body.dataset.chosen = state.chosen;
    byId("told").textContent = c >= 0 ? `${named} ${segments[c].name}, ${segments[c].share}. ` : "";
  };

  // At most one drawing a frame, however fast the pointer moves.
  const due = new Set();
  const draw = (...parts) => {
    if (!due.size) {
      requestAnimationFrame(() => {
        const now = [...due];
        due.clear();
        for (const part of now) part();
      });
    }
    for (const part of parts) due.add(part);
  };
  const drawLayer = () => {
    views[state.view].draw();
    byId("side").textContent = views[state.view].side;
    byId("caption").textContent = views[state.view].caption;
    byId("ramp").hidden = state.view !== "uncertainty";
    document.body.dataset.view = state.view;
  };

  const hover = (c) => {
    if (c === state.near) return;
    state.near = c;
    draw(drawFocus, drawMarks, drawCloud);
    if (state.view === "soft") draw(drawLayer);
  };
  const choose = (c) => {
    state.chosen = c === state.chosen ? (state.view === "soft" ? c : -1) : c;
    state.near = -1;
    draw(drawFocus, drawMarks, drawDetail, drawCloud);
    if (state.view === "soft") draw(drawLayer);
  };
  const look = (view) => {
    state.view = view;
    if (view === "soft" && state.chosen < 0) state.chosen = largest;
    for (const button of document.querySelectorAll("[data-view]")) {
      if (button.tagName === "BUTTON") button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
    draw(drawLayer, drawFocus, drawMarks, drawDetail, drawCloud);
  };

  // Within the legend only: the page itself stays where it is.
  const reveal = (entry) => {
    const list = byId("legend");
    const [inner, outer] = [entry.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top;
    if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
  };

  for (const button of document.querySelectorAll("button[data-view]")) {
    button.addEventListener("click", () => look(button.dataset.view));
  }
  entries.forEach((entry, c) => {
    entry.addEventListener("click", () => choose(c));
    entry.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && hover(c));
    entry.addEventListener("pointerleave", () => hover(-1));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.chosen >= 0 && state.view !== "soft") choose(state.chosen);
  });
  split.addEventListener("input", () => {
    state.split = Number(split.value);
    draw(drawSplit);
  });
  picture.addEventListener("click", (event) => {
    if (event.target === divider || divider.contains(event.target)) return;
    const box = picture.getBoundingClientRect();
    const x = Math.min(width - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * width)));
    const y = Math.min(height - 1, Math.max(0, Math.floor(((event.clientY - box.top) / box.height) * height)));
    const label = labels[y * width + x];
    if (label >= 0) choose(label);
    if (label >= 0) reveal(entries[label]);
  });
  divider.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    divider.setPointerCapture(event.pointerId);
  });
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const box = picture.getBoundingClientRect();
    state.split = Math.round(Math.min(100, Math.max(0, (100 * (event.clientX - box.left)) / box.width)));
    draw(drawSplit);
  });

  const drawCloud = colourCloud({
    canvas: byId("cloud"),
    dye: byId("dye"),
    points: bytes(data.points),
    owners: bytes(data.owners),
    ellipsoids: data.ellipsoids,
    tints,
    shown,
    draw,
  });
  new ResizeObserver(() => draw(drawCloud)).observe(byId("cloud"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(drawCloud));

  drawSplit();
  look("segments");
  // Where a browser cannot unpack the tree, its section stays hidden.
  if (data.hierarchy && "DecompressionStream" in window) {
    await detailSlider({ hierarchy: data.hierarchy, photo, bytes, draw });
  }
  document.body.dataset.ready = "yes";
})();
