// Photos become small on the telephone, with what they say of where and when they were taken.
"use strict";

(() => {
  const LONGEST = 1920;
  const SMALL = 2000000; // bytes; who is no larger in either way goes as it is
  const QUALITY = 0.8;

  const drawn = async (picture, scale) => {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
    canvas.width = canvas.height = 0; // old telephones have little room for pictures
    return blob;
  };

  const smaller = async (file) => {
    const { exif } = self.Field;
    const bytes = await file.arrayBuffer();
    // what would be lost with the copy is worth more than the bytes
    if (!exif.isJpeg(bytes) && exif.isNoted(bytes)) return file;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const isSmall = scale === 1 && file.size <= SMALL;
    const blob = isSmall ? null : await drawn(picture, scale);
    picture.close();
    if (!blob || blob.size >= file.size) return file;
    const notes = exif.isJpeg(bytes) ? exif.of(bytes) : null;
    const made = notes ? exif.put(await blob.arrayBuffer(), notes) : blob;
    return new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  };

  // What cannot be opened here goes as it is: the server can read more.
  const shrink = (file) => (file.type.startsWith("image/") ? smaller(file).catch(() => file) : Promise.resolve(file));

  self.Field = { ...self.Field, shrink };
})();
