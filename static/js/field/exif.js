// What a photo says of where, when and how it was taken: carried over into its smaller copy.
"use strict";

(() => {
  const SOI = 0xffd8;
  const EXIF = 0xffe1;
  const SCAN = 0xffda; // from here on it is picture
  const ORIENTATION = 0x0112;
  const NAME = "Exif\0\0";

  const text = (bytes, at, length) => String.fromCharCode(...new Uint8Array(bytes, at, length));

  const isJpeg = (bytes) => bytes.byteLength > 4 && new DataView(bytes).getUint16(0) === SOI;

  // The whole segment, marker and length included; nothing where there is none.
  const segmentOf = (bytes) => {
    const view = new DataView(bytes);
    for (let at = 2; at + 10 <= bytes.byteLength;) {
      const [marker, length] = [view.getUint16(at), view.getUint16(at + 2)];
      if (marker === SCAN || marker < 0xff00 || length < 2) return null;
      if (marker === EXIF && text(bytes, at + 4, 6) === NAME) return bytes.slice(at, at + 2 + length);
      at += 2 + length;
    }
    return null;
  };

  // The copy is drawn upright: what told how to turn the original is set to "as it is".
  const upright = (segment) => {
    const [start, view] = [10, new DataView(segment)];
    const isLittle = view.getUint16(start) === 0x4949;
    const list = start + view.getUint32(start + 4, isLittle);
    for (let nth = 0; nth < view.getUint16(list, isLittle); nth++) {
      const entry = list + 2 + 12 * nth;
      if (view.getUint16(entry, isLittle) === ORIENTATION) view.setUint16(entry + 8, 1, isLittle);
    }
    return segment;
  };

  const of = (bytes) => {
    try {
      const found = segmentOf(bytes);
      return found && upright(found);
    } catch {
      return null; // bent: the server could not read it either
    }
  };

  // Other kinds of pictures keep it elsewhere: whether one has any is enough to leave it as it is.
  const isNoted = (bytes) => {
    const all = new Uint8Array(bytes);
    const names = ["Exif", "EXIF", "eXIf"].map((name) => [...name].map((letter) => letter.charCodeAt(0)));
    for (let at = 0; at < all.length - 3; at++) {
      if (names.some(([a, b, c, d]) => all[at] === a && all[at + 1] === b && all[at + 2] === c && all[at + 3] === d)) return true;
    }
    return false;
  };

  const put = (bytes, segment) => new Blob([bytes.slice(0, 2), segment, bytes.slice(2)], { type: "image/jpeg" });

  self.Field = { ...self.Field, exif: { isJpeg, of, isNoted, put } };
})();
