"use strict";
// Turns the two pictures of a pair into one with a slider; without this script they stand side by side.
for (const stage of document.querySelectorAll(".pair-stage")) {
  const pair = stage.closest(".pair");
  const before = stage.querySelector(".before img");
  const after = stage.querySelector(".after img");
  const caption = stage.querySelector(".after figcaption");
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = "0";
  slider.max = "100";
  slider.value = "50";
  slider.setAttribute("aria-label", stage.dataset.slider);
  const box = document.createElement("input");
  box.type = "checkbox";
  const label = document.createElement("label");
  label.className = "fade-switch";
  label.append(box, stage.dataset.fade);
  const show = () => {
    stage.style.setProperty("--cut", slider.value + "%");
    stage.style.setProperty("--fade", String(1 - slider.value / 100));
    stage.classList.toggle("fading", box.checked);
  };
  slider.addEventListener("input", show);
  box.addEventListener("change", show);
  stage.classList.add("sliding");
  stage.append(slider);
  stage.after(label);
  show();
  const strip = pair.querySelector(".strip");
  if (!strip) continue;
  const newest = { src: after.src, alt: after.alt, day: caption.textContent };
  const item = (picture, day) => {
    const li = document.createElement("li");
    const figure = document.createElement("figure");
    const text = document.createElement("figcaption");
    text.textContent = day;
    figure.append(picture.cloneNode(), text);
    li.append(figure);
    return li;
  };
  strip.prepend(item(before, stage.querySelector(".before figcaption").textContent));
  strip.append(item(after, newest.day));
  strip.previousElementSibling.textContent = strip.previousElementSibling.dataset.all;
  for (const li of strip.children) {
    const picture = li.querySelector("img");
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", String(li === strip.lastElementChild));
    picture.replaceWith(button);
    button.append(picture);
    button.addEventListener("click", () => {
      for (const other of strip.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
      after.src = picture.src;
      after.alt = picture.alt;
      caption.textContent = li.querySelector("figcaption").textContent;
    });
  }
}
// A closed table is worth printing.
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  for (const picture of document.images) picture.loading = "eager";
});
