"use strict";
// Turns the two pictures of a pair into one with a slider; without this script they stand side by side.
for (const stage of document.querySelectorAll(".pair-stage")) {
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
  const newest = { src: after.src, alt: after.alt, day: caption.textContent };
  for (const item of stage.parentElement.querySelectorAll(".strip li")) {
    const picture = item.querySelector("img");
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    picture.replaceWith(button);
    button.append(picture);
    button.addEventListener("click", () => {
      const chosen = button.getAttribute("aria-pressed") !== "true";
      for (const other of stage.parentElement.querySelectorAll(".strip button")) other.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-pressed", String(chosen));
      after.src = chosen ? picture.src : newest.src;
      after.alt = chosen ? picture.alt : newest.alt;
      caption.textContent = chosen ? item.querySelector("figcaption").textContent : newest.day;
    });
  }
}
// A closed table is worth printing.
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  for (const picture of document.images) picture.loading = "eager";
});
