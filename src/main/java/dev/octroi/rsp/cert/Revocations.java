package dev.octroi.rsp.cert;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an issuer has revoked, from all its lists together: whole lists, lists split into parts, and delta lists, which
 * only add. Of two lists of one scope the newer counts. Nothing takes a revocation back but a newer list of the same scope.
 *
 * <p>A list that is overdue still revokes. Its absence of a number is believed for the grace period only: after that
 * nobody can know what was revoked meanwhile, and every manufacturer of the issuer is refused.
 */
public final class Revocations {
    /** The most lists of one issuer. */
    public static final int MAX_LISTS = 128;

    private static final Revocations NONE = new Revocations(Optional.empty(), Set.of(), Duration.ZERO);

    private final Optional<Instant> nextUpdate;
    private final Set<BigInteger> serials;
    private final Duration grace;

    /** How old the lists are. */
    public enum Freshness {
        /** The issuer publishes no list. */
        UNLISTED,
        /** The next list is not due yet. */
        FRESH,
        /** The next list is due, the grace period runs. */
        OVERDUE,
        /** The grace period is over: nothing of this issuer is believed. */
        STALE
    }

    private Revocations(Optional<Instant> nextUpdate, Set<BigInteger> serials, Duration grace) {
        this.nextUpdate = nextUpdate;
        this.serials = Set.copyOf(serials);
        this.grace = grace;
    }

    /** Of an issuer that publishes no list. */
    static Revocations none() {
        return NONE;
    }

    /**
     * Reads all lists of an issuer.
     *
     * @param lists in DER, at most {@value #MAX_LISTS}; none at all means that the issuer publishes none
     * @param grace how long after nextUpdate the lists are still believed, zero or more
     * @throws MalformedTlvException when one of them cannot be used, or when they leave a gap: only delta lists, a part
     *     missing, or only lists that do not speak of manufacturers
     */
    static Revocations of(List<byte[]> lists, RspCertificate issuer, Duration grace) throws MalformedTlvException {
        requireNonNull(grace, "grace is null");
        if (lists.size() > MAX_LISTS || grace.isNegative()) {
            throw new IllegalArgumentException("at most " + MAX_LISTS + " lists and no negative grace");
        }
        if (lists.isEmpty()) {
            return NONE;
        }
        Map<Slot, RevocationList> newest = new HashMap<>();
        Set<BigInteger> serials = new HashSet<>();
        for (byte[] der : lists) {
            RevocationList list = RevocationList.parse(der, issuer);
            if (list.extensions().delta()) {
                serials.addAll(list.serials());
            } else {
                newest.merge(Slot.of(list), list, (a, b) -> a.thisUpdate().isBefore(b.thisUpdate()) ? b : a);
            }
        }
        newest.values().forEach(list -> serials.addAll(list.serials()));
        return new Revocations(Optional.of(dueAt(newest.values())), serials, grace);
    }

    /** Which lists replace each other. */
    private record Slot(ByteBuffer scope, int part, int parts) {
        static Slot of(RevocationList list) {
            RevocationListExtensions about = list.extensions();
            // The parts of a split list may name their own distribution points.
            ByteBuffer scope = about.parts() > 1 ? ByteBuffer.allocate(0) : about.scope();
            return new Slot(scope, about.part(), about.parts());
        }
    }

    /** When the first of the lists that speak of manufacturers has to be replaced. */
    private static Instant dueAt(Collection<RevocationList> lists) throws MalformedTlvException {
        List<RevocationList> covering = lists.stream()
                .filter(list -> list.extensions().coversAuthorities())
                .toList();
        if (covering.isEmpty()) {
            throw new MalformedTlvException("no revocation list speaks of manufacturers");
        }
        for (RevocationList list : covering) {
            int parts = list.extensions().parts();
            long present = covering.stream()
                    .filter(other -> other.extensions().parts() == parts)
                    .map(other -> other.extensions().part())
                    .distinct()
                    .count();
            if (parts > 1 && present != parts) {
                throw new MalformedTlvException("a part of the revocation list is missing");
            }
        }
        return covering.stream()
                .map(RevocationList::nextUpdate)
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** How old the lists are at a moment. */
    public Freshness freshnessAt(Instant moment) {
        if (nextUpdate.isEmpty()) {
            return Freshness.UNLISTED;
        }
        if (!moment.isAfter(nextUpdate.get())) {
            return Freshness.FRESH;
        }
        return moment.isAfter(nextUpdate.get().plus(grace)) ? Freshness.STALE : Freshness.OVERDUE;
    }

    /** When the first of the lists has to be replaced; empty when the issuer publishes none. */
    public Optional<Instant> nextUpdate() {
        return nextUpdate;
    }

    /** Whether the issuer revoked a certificate that it issued itself. */
    public boolean contains(RspCertificate issued) {
        return serials.contains(issued.serialNumber());
    }
}
