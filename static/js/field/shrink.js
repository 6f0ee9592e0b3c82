// Photos become small on the telephone, with what they say of where and when they were taken.
"use strict";

(() => {
  // As it should be, and smaller where the telephone has no room for that.
  const SIZES = [{ longest: 1920, quality: 0.8 }, { longest: 1280, quality: 0.6 }, { longest: 800, quality: 0.5 }];
  const SMALL = 2000000; // bytes; who is no larger in either way goes as it is

  const drawn = async (picture, scale, quality) => {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); });
    canvas.width = canvas.height = 0; // old telephones have little room for pictures
    return blob;
  };

  const smaller = async (file, nth) => {
    const { exif } = self.Field;
    const { longest, quality } = SIZES[nth];
    const bytes = await file.arrayBuffer();
    // what would be lost with the copy is worth more than the bytes
    if (!exif.isJpeg(bytes) && exif.isNoted(bytes)) return file;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const isSmall = !nth && scale === 1 && file.size <= SMALL;
    const blob = isSmall ? null : await drawn(picture, scale, quality);
    picture.close();
    if (!blob || blob.size >= file.size) return file;
    const notes = exif.isJpeg(bytes) ? exif.of(bytes) : null;
    const made = notes ? exif.put(await blob.arrayBuffer(), notes) : blob;
    return new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  };

  // What cannot be opened here goes as it is: the server can read more.
  const shrink = (file, nth = 0) => (file.type.startsWith("image/") ? smaller(file, nth).catch(() => file) : Promise.resolve(file));

  self.Field = { ...self.Field, shrink, smallest: SIZES.length - 1 };
})();
