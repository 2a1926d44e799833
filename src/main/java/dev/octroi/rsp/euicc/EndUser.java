package dev.octroi.rsp.euicc;

import java.util.Optional;
import java.util.function.Supplier;

/** Who holds the phone: asked during a download (SGP.22 v2.5 §3.1.3). */
public interface EndUser {
    /**
     * Asked when the server wants a confirmation code, and again after a wrong one.
     *
     * @param attempt 1 for the first
     * @return the code; empty when there is none
     */
    Optional<String> confirmationCode(int attempt);

    /** Whether somebody without a code may come back with it; rejecting the download would end the order. */
    default boolean comesBack() {
        return true;
    }

    /** Asked when the profile has policy rules, which bind the user to it. */
    boolean accepts(ProfileOffer offer);

    /** Somebody who accepts every rule, takes codes from the source, and gives up when it is empty. */
    static EndUser willing(Supplier<Optional<String>> codes) {
        return new EndUser() {
            @Override
            public Optional<String> confirmationCode(int attempt) {
                return codes.get();
            }

            @Override
            public boolean comesBack() {
                return false;
            }

            @Override
            public boolean accepts(ProfileOffer offer) {
                return true;
            }
        };
    }
}
