"use strict";

// An optional drawn signature, by finger, pen or mouse. The typed name is required, the drawing is not.
document.querySelectorAll("[data-drawn]").forEach((part) => {
  const canvas = part.querySelector("canvas");
  const sent = part.querySelector("input");
  const pen = canvas.getContext("2d");
  pen.lineWidth = 2.5;
  pen.lineCap = pen.lineJoin = "round";

  function place(event) {
    const seen = canvas.getBoundingClientRect();
    return [((event.clientX - seen.left) * canvas.width) / seen.width, ((event.clientY - seen.top) * canvas.height) / seen.height];
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...place(event));
    pen.stroke();
    sent.value = "drawn";
  });
  part.querySelector("button").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    sent.value = "";
  });
  part.closest("form").addEventListener("submit", () => {
    if (sent.value) sent.value = canvas.toDataURL("image/png");
  });
});
