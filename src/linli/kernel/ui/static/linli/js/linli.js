// What every page loads: each part looks for its own marks and does nothing where there are none.
import { keepDrafts } from "./draft.js";
import { clearOnLeaving } from "./leave.js";
import { submitOnce } from "./once.js";
import { pickValues } from "./pick.js";
import { showPhotos } from "./photos.js";
import { printButtons } from "./print.js";

keepDrafts();
clearOnLeaving();
submitOnce();
showPhotos();
pickValues();
printButtons();
if (document.querySelector("select[data-search]")) import("./search.js").then((part) => part.searchSelects());
if (document.querySelector("[data-bell]")) import("./bell.js").then((part) => part.ringBell());
if (document.querySelector("[data-together]")) import("./together.js").then((part) => part.chooseRows());
if (document.querySelector("[data-group]")) import("./groups.js").then((part) => part.keepGroups());
if (document.querySelector("[data-keys]")) import("./keys.js").then((part) => part.listenToKeys());
if (document.querySelector("[data-wait]")) import("./wait.js").then((part) => part.countDown());
if (document.querySelector("[data-map]")) import("./map.js").then((part) => part.drawMaps());
if (document.querySelector("[data-chart]")) import("./chart.js").then((part) => part.drawCharts());
