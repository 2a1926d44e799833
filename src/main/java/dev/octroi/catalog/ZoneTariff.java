package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place where a plan has a price or a volume of its own.
 *
 * @param zoneId identifier of a zone, or the ISO 3166-1 alpha-2 code of a country
 * @param name its name for people, for example "Switzerland"
 * @param places where a zone is, as {@link ZoneCap#trackingAreas}; empty for a country
 * @param includedBytes volume that is only for there and is spent before the plan's, 0 to 1 PB
 * @param pricePerGigabyteMinor price of 1,000,000,000 bytes beyond the volume, in minor units of the plan's currency; null:
 *     as anywhere else
 */
public record ZoneTariff(
        String zoneId,
        String name,
        Set<String> places,
        long includedBytes,
        @Nullable Long pricePerGigabyteMinor) {
    private static final long MAX_BYTES = 1_000_000_000_000_000L;
    private static final int MAX_LENGTH = 120;
    private static final int MAX_PLACES = 5_000;
    private static final int COUNTRY_LENGTH = 2;

    public ZoneTariff {
        requireNonNull(zoneId, "zoneId is null");
        requireNonNull(name, "name is null");
        places = AreaName.canonical(places);
        if (zoneId.isEmpty() || zoneId.length() > MAX_LENGTH || name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a zone has an id and a name");
        }
        if (places.isEmpty() != (zoneId.length() == COUNTRY_LENGTH) || places.size() > MAX_PLACES) {
            throw new IllegalArgumentException("a zone has 1 to 5,000 places, a country none");
        }
        if (includedBytes < 0 || includedBytes > MAX_BYTES) {
            throw new IllegalArgumentException("a zone's volume is 0 to 1 PB");
        }
        if (pricePerGigabyteMinor != null) {
            Overage.checkPrice(pricePerGigabyteMinor);
        }
        if (includedBytes == 0 && pricePerGigabyteMinor == null) {
            throw new IllegalArgumentException("a zone has a volume or a price of its own, or both");
        }
    }

    /** Refuses zones that contradict each other or the plan. */
    static void check(List<ZoneTariff> tariffs, @Nullable Overage overage) {
        if (tariffs.stream().map(ZoneTariff::zoneId).distinct().count() != tariffs.size()) {
            throw new IllegalArgumentException("a zone has one tariff");
        }
        if (overage == null && tariffs.stream().anyMatch(each -> each.pricePerGigabyteMinor() != null)) {
            throw new IllegalArgumentException("a zone has a price only where the plan has one");
        }
    }
}
