package dev.octroi.quota;

import dev.octroi.catalog.PlanTerms;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Terms by their JSON form: most accounts were sold one of a few plans. Bounded by the length of all forms together, because
 * terms with many places take a thousand times what others do; when that is reached it begins anew.
 */
final class TermsCache {
    private final long maxCharacters;
    private final ConcurrentMap<String, PlanTerms> known = new ConcurrentHashMap<>();
    private final AtomicLong characters = new AtomicLong();

    /** @param maxCharacters of all forms together; what they are read into takes some five times as many bytes */
    TermsCache(long maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    /** The terms of a form. */
    PlanTerms of(String json) {
        PlanTerms found = known.get(json);
        if (found != null) {
            return found;
        }
        PlanTerms read = PlanTerms.fromJson(json);
        if (characters.get() + json.length() > maxCharacters) {
            known.clear();
            characters.set(0);
        }
        if (json.length() <= maxCharacters && known.putIfAbsent(json, read) == null) {
            characters.addAndGet(json.length());
        }
        return read;
    }

    /** Characters of the forms that are remembered. */
    long characters() {
        return characters.get();
    }
}
