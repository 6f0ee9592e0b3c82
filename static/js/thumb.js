// A small picture of a file, drawn and not linked: a page may show no picture from elsewhere.
"use strict";

{
  const WIDTH = 120;
  const HEIGHT = 90;

  self.drawSmall = async (file, box) => {
    const picture = await createImageBitmap(file, { resizeWidth: 2 * WIDTH, resizeQuality: "medium" });
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    const scale = Math.max(WIDTH / picture.width, HEIGHT / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    canvas.getContext("2d").drawImage(picture, (WIDTH - width) / 2, (HEIGHT - height) / 2, width, height);
    picture.close();
    box.replaceChildren(canvas);
  };
}
