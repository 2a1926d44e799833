package dev.octroi.web.console;

import dev.octroi.access.Principal;

/**
 * Someone who is signed in.
 *
 * @param who the token's caller; the session ends with the token
 * @param formToken must come back in every form
 */
record Session(Principal who, String formToken) {}
