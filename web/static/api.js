// The API's description, drawn by the vendored viewer; calls made from it carry the token of our own pages.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("api");
  window.SwaggerUIBundle({
    url: place.dataset.description,
    domNode: place,
    validatorUrl: null,
    requestInterceptor: (request) => {
      request.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf"]').content;
      return request;
    },
  });
});
