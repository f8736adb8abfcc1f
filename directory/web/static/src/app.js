// The pages' one script. Everything works without it; it makes some things quicker or easier to notice.
import { Button } from "govuk-frontend/components/button/button.mjs";
import { Checkboxes } from "govuk-frontend/components/checkboxes/checkboxes.mjs";
import { ErrorSummary } from "govuk-frontend/components/error-summary/error-summary.mjs";
import { ExitThisPage } from "govuk-frontend/components/exit-this-page/exit-this-page.mjs";
import { NotificationBanner } from "govuk-frontend/components/notification-banner/notification-banner.mjs";
import { PasswordInput } from "govuk-frontend/components/password-input/password-input.mjs";
import { Radios } from "govuk-frontend/components/radios/radios.mjs";
import { ServiceNavigation } from "govuk-frontend/components/service-navigation/service-navigation.mjs";
import { SkipLink } from "govuk-frontend/components/skip-link/skip-link.mjs";

import { filterList } from "./filter-list.js";
import { holdCountdown } from "./hold-countdown.js";
import { refreshBoard } from "./refresh-board.js";

const COMPONENTS = [
  ExitThisPage,
  Button,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
];

for (const Component of COMPONENTS) {
  for (const element of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
    try {
      new Component(element);
    } catch (error) {
      // One component that does not start must not keep the others from working.
      console.error(error);
    }
  }
}

for (const element of document.querySelectorAll('[data-module="filter-list"]')) {
  filterList(element);
}

for (const element of document.querySelectorAll('[data-module="hold-countdown"]')) {
  holdCountdown(element);
}

const board = document.getElementById("board");
if (board) {
  refreshBoard(board);
}
