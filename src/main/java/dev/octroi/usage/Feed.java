package dev.octroi.usage;

import static java.util.Objects.requireNonNull;

import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Who reports, and for whom it may.
 *
 * @param source the partner's name, 1 to 40 characters; part of each record's identity
 * @param coversImsi whether it may report for an IMSI
 * @param coversIccid whether it may report by ICCID: a partner that is bound to certain IMSIs may not, because a card's
 *     number does not tell its IMSI
 * @param servesTenant whether it serves a tenant
 */
public record Feed(String source, Predicate<String> coversImsi, boolean coversIccid, IntPredicate servesTenant) {
    public Feed {
        requireNonNull(source, "source is null");
        requireNonNull(coversImsi, "coversImsi is null");
        requireNonNull(servesTenant, "servesTenant is null");
    }
}
