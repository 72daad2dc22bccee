"use strict";
// Draws the colours of the photo in their cube, with the shells of the components; gives the function that redraws.
const colourCloud = ({ canvas, dye, points, owners, ellipsoids, tints, shown, draw }) => {
  // The cube of colours stands on its black corner: up is the grey axis, and turning goes around it.
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const count = owners.length;
  const turn = { around: 0.6, tilt: 0.32, speed: 0 };
  const STANDING = [
    [Math.SQRT1_2, -Math.SQRT1_2, 0],
    [1 / Math.sqrt(6), 1 / Math.sqrt(6), -2 / Math.sqrt(6)],
    [1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)],
  ];
  let bySegment = false;

  // At first the colours are seen from where they spread most: along the main axis of their two hues.
  const spread = [0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const hue = STANDING.slice(0, 2).map((axis) => axis.reduce((sum, a, c) => sum + a * points[3 * i + c], 0));
    [hue[0], hue[1], hue[0] * hue[0], hue[0] * hue[1], hue[1] * hue[1]].forEach((value, n) => (spread[n] += value / count));
  }
  turn.around = -0.5 * Math.atan2(
    2 * (spread[3] - spread[0] * spread[1]),
    spread[2] - spread[0] ** 2 - spread[4] + spread[1] ** 2,
  );

  const axes = () => {
    const [c, s] = [Math.cos(turn.around), Math.sin(turn.around)];
    const [ct, st] = [Math.cos(turn.tilt), Math.sin(turn.tilt)];
    const [u, v, up] = STANDING;
    const right = u.map((value, i) => c * value - s * v[i]);
    const away = u.map((value, i) => s * value + c * v[i]);
    const above = up.map((value, i) => ct * value + st * away[i]);
    const depth = away.map((value, i) => ct * value - st * up[i]);
    return [right, above, depth];
  };

  const redraw = () => {
    const ratio = Math.min(2, devicePixelRatio || 1);
    const box = canvas.getBoundingClientRect();
    if (!box.width || !box.height) return;
    const [w, h] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
    if (canvas.width !== w || canvas.height !== h) {
      canvas.width = w;
      canvas.height = h;
    }
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--ink").trim();
    const soft = style.getPropertyValue("--soft").trim();
    const [right, above, depth] = axes();
    const scale = Math.max(0.1, Math.min((w - 84 * ratio) / 1.66, (h - 60 * ratio) / 1.74) / 255);
    const place = (p) => {
      const q = [p[0] - 127.5, p[1] - 127.5, p[2] - 127.5];
      const along = (axis) => q[0] * axis[0] + q[1] * axis[1] + q[2] * axis[2];
      return [w / 2 + scale * along(right), h / 2 - scale * along(above), along(depth)];
    };
    const active = shown();
    pen.clearRect(0, 0, w, h);

    // The twelve edges of the cube; those at the back are faint.
    pen.lineWidth = ratio;
    const corner = (n) => [n & 1 ? 255 : 0, n & 2 ? 255 : 0, n & 4 ? 255 : 0];
    for (let a = 0; a < 8; a++) {
      for (const bit of [1, 2, 4]) {
        if (a & bit) continue;
        const [from, to] = [place(corner(a)), place(corner(a | bit))];
        pen.globalAlpha = from[2] + to[2] > 0 ? 0.16 : 0.4;
        pen.strokeStyle = soft;
        pen.beginPath();
        pen.moveTo(from[0], from[1]);
        pen.lineTo(to[0], to[1]);
        pen.stroke();
      }
    }

    const order = new Uint16Array(count);
    const spots = new Float32Array(3 * count);
    for (let i = 0; i < count; i++) {
      order[i] = i;
      spots.set(place([points[3 * i], points[3 * i + 1], points[3 * i + 2]]), 3 * i);
    }
    order.sort((a, b) => spots[3 * b + 2] - spots[3 * a + 2]);
    const dot = Math.max(2, 2.6 * ratio);
    for (const i of order) {
      const own = active < 0 || owners[i] === active;
      pen.globalAlpha = own ? 0.9 : 0.06;
      const color = bySegment ? tints[owners[i]] : [points[3 * i], points[3 * i + 1], points[3 * i + 2]];
      pen.fillStyle = `rgb(${color[0]} ${color[1]} ${color[2]})`;
      pen.fillRect(spots[3 * i] - dot / 2, spots[3 * i + 1] - dot / 2, dot, dot);
    }

    // Seen from afar, the outline of the ellipsoid of Σ is the ellipse of PΣPᵀ, P being the two axes of the view.
    // Many of them would hide the colours: they are thin until one is chosen.
    const thin = ellipsoids.length > 16 && active < 0;
    for (const shell of ellipsoids) {
      const own = active < 0 || shell.segment === active;
      const spread = (a, b) => {
        let sum = 0;
        for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) sum += a[i] * shell.covariance[3 * i + j] * b[j];
        return sum;
      };
      const [xx, xy, yy] = [spread(right, right), spread(right, above), spread(above, above)];
      const middle = (xx + yy) / 2;
      const reach = Math.hypot((xx - yy) / 2, xy);
      const [x, y] = place(shell.mean);
      pen.beginPath();
      pen.ellipse(
        x,
        y,
        Math.max(ratio, 2 * scale * Math.sqrt(Math.max(0, middle + reach))),
        Math.max(ratio, 2 * scale * Math.sqrt(Math.max(0, middle - reach))),
        -Math.atan2(2 * xy, xx - yy) / 2,
        0,
        2 * Math.PI,
      );
      pen.fillStyle = shell.color;
      pen.globalAlpha = own && !thin ? 0.1 : 0.02;
      pen.fill();
      pen.globalAlpha = own && !thin ? 0.55 : 0.1;
      pen.strokeStyle = ink;
      pen.lineWidth = (own && !thin ? 3.4 : 1.5) * ratio;
      pen.stroke();
      pen.strokeStyle = shell.color;
      pen.globalAlpha = own ? (thin ? 0.6 : 1) : 0.25;
      pen.lineWidth = (own && !thin ? 2 : 1) * ratio;
      pen.stroke();
    }

    pen.globalAlpha = 1;
    pen.font = `${12 * ratio}px ${style.getPropertyValue("--sans")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = soft;
    const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
    names.forEach((name, n) => {
      const [x, y] = place(corner(n));
      const away = Math.hypot(x - w / 2, y - h / 2) || 1;
      const push = 16 * ratio;
      const half = pen.measureText(name).width / 2 + 2 * ratio;
      const at = x + (push * 1.5 * (x - w / 2)) / away;
      pen.globalAlpha = away < 70 * scale ? 0.4 : 1; // in the middle there are points
      pen.fillText(name, Math.min(w - half, Math.max(half, at)), y + (push * (y - h / 2)) / away);
    });
  };

  const swing = () => {
    if (Math.abs(turn.speed) < 0.0008) return;
    turn.around += turn.speed;
    turn.speed *= 0.93;
    redraw();
    requestAnimationFrame(swing);
  };
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    held = { id: event.pointerId, x: event.clientX, y: event.clientY };
    turn.speed = 0;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held || held.id !== event.pointerId) return;
    turn.speed = -0.008 * (event.clientX - held.x);
    turn.around += turn.speed;
    turn.tilt = Math.min(1.5, Math.max(-1.5, turn.tilt + 0.006 * (event.clientY - held.y)));
    held.x = event.clientX;
    held.y = event.clientY;
    draw(redraw);
  });
  const release = () => {
    if (held && !calm.matches) requestAnimationFrame(swing);
    held = null;
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", () => (held = null));
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0.1, 0], ArrowRight: [-0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
    if (!step) return;
    event.preventDefault();
    turn.around += step[0];
    turn.tilt = Math.min(1.5, Math.max(-1.5, turn.tilt + step[1]));
    draw(redraw);
  });
  dye.addEventListener("click", () => {
    bySegment = !bySegment;
    dye.setAttribute("aria-pressed", String(bySegment));
    draw(redraw);
  });
  return redraw;
};
