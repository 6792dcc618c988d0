// Asks this device for a passkey and sends what it answers; without it the form says what to do.
"use strict";
const form = document.getElementById("passkey");
const status_ = document.getElementById("passkey-status");

async function answer() {
  const wanted = JSON.parse(form.dataset.options);
  const key = window.PublicKeyCredential;
  if (form.dataset.act === "create") {
    const publicKey = key.parseCreationOptionsFromJSON(wanted);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = key.parseRequestOptionsFromJSON(wanted);
  return navigator.credentials.get({ publicKey });
}

answer()
  .then((given) => {
    document.getElementById("credential").value = JSON.stringify(given.toJSON());
    form.submit();
  })
  .catch(() => { status_.textContent = form.dataset.failed; });
