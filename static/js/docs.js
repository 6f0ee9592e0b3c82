"use strict";
// Swagger on the house's own schema; asks nobody else and runs no inline script.
(() => {
  const here = document.getElementById("docs");
  const csrf = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";
  SwaggerUIBundle({
    url: here.dataset.schema,
    domNode: here,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    validatorUrl: null,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    requestInterceptor: (request) => {
      if (request.method && request.method !== "GET") request.headers["X-CSRFToken"] = csrf();
      return request;
    },
  });
})();
