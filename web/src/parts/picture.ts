// parts/picture.ts: a chart as a picture: PNG, on its own ground, in the theme of the moment.
//
// The SVG is copied with every style that it was drawn with, for it will stand outside the page. They
// become attributes of their own: the content policy knows no style attributes.
// SPDX-License-Identifier: MIT

const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray",
  "stroke-linecap", "stroke-linejoin", "font-family", "font-size", "font-weight", "text-anchor",
  "paint-order", "opacity"];
const PAD = 20;
const HEAD = 28;
const SCALE = 2;

function styled(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [from, to] = [svg, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  from?.forEach((element, i) => {
    const seen = getComputedStyle(element);
    to?.[i]?.removeAttribute("style");
    for (const name of STYLES)
      to?.[i]?.setAttribute(name, seen.getPropertyValue(name));
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return copy;
}

async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const image = new Image();
  const text = new XMLSerializer().serializeToString(styled(svg));
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  return image;
}

/** All charts in the box below one another, under their title. */
export async function pictureOf(box: HTMLElement, title: string): Promise<Blob> {
  const images = await Promise.all([...box.querySelectorAll<SVGSVGElement>("svg.plot")].map(imageOf));
  const width = Math.max(1, ...images.map((i) => i.width)) + 2 * PAD;
  const height = images.reduce((sum, i) => sum + i.height, 0) + HEAD + 2 * PAD;
  const canvas = document.createElement("canvas");
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const pen = canvas.getContext("2d");
  if (pen === null)
    throw new Error("this browser draws no pictures");
  const root = getComputedStyle(document.documentElement);
  pen.scale(SCALE, SCALE);
  pen.fillStyle = root.getPropertyValue("--surface");
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = root.getPropertyValue("--ink");
  pen.font = root.getPropertyValue("--t-head").replace(/\/\S+/, "") || "14px sans-serif";
  pen.fillText(title, PAD, PAD + 12);
  let y = PAD + HEAD;
  for (const image of images) {
    pen.drawImage(image, PAD, y);
    y += image.height;
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"));
}
