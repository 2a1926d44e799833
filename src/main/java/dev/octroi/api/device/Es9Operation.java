package dev.octroi.api.device;

import dev.octroi.rsp.session.Outcome;
import io.vertx.core.Future;

/** One function of ES9+. */
interface Es9Operation {
    /** Which one. */
    Es9Function function();

    /** Carries it out. */
    Future<Outcome<Es9Answer>> handle(Es9Input input) throws Es9InputException;
}
