package dev.octroi.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.policy.Speed;
import dev.octroi.quota.decide.AccountFixture;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TermsCacheTest {
    @Test
    void termsOfTheSamePlanAreReadOnce() {
        TermsCache cache = new TermsCache(100_000);
        String json = AccountFixture.france().toJson();
        assertThat(cache.of(json)).isSameAs(cache.of(String.valueOf(json.toCharArray())));
    }

    @Test
    void manyLargeTermsDoNotGrowWithoutBound() {
        TermsCache cache = new TermsCache(100_000);
        for (int i = 0; i < 100; i++) {
            PlanTerms terms = large(i);
            assertThat(cache.of(terms.toJson())).isEqualTo(terms);
            assertThat(cache.characters()).isBetween(1L, 100_000L);
        }
        TermsCache small = new TermsCache(100);
        assertThat(small.of(large(1).toJson())).isEqualTo(large(1));
        assertThat(small.characters()).isZero();
    }

    private static PlanTerms large(int number) {
        Set<String> places = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            places.add("208-01-%X-%X".formatted(number + 1, i));
        }
        PlanTerms plain = AccountFixture.france();
        List<ZoneCap> caps = new ArrayList<>(plain.zoneCaps());
        caps.add(new ZoneCap("zone-" + number, "Cells", places, Speed.both(64)));
        return new PlanTerms(
                plain.schema(),
                plain.planName(),
                plain.quotaBytes(),
                plain.validity(),
                plain.afterQuota(),
                plain.warnAtPercent(),
                caps,
                plain.drainPolicy(),
                plain.dayZone());
    }
}
