package dev.octroi.catalog;

import dev.octroi.catalog.Validity.StartMode;
import dev.octroi.policy.Speed;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/** Plans for tests. */
public final class SamplePlans {
    private SamplePlans() {}

    /** "France 3 GB, 7 days, then 384 kbit/s", starting with the installation. */
    public static PlanOffer france() {
        return france(StartMode.ON_INSTALL);
    }

    /** The same with another beginning. */
    public static PlanOffer france(StartMode start) {
        return new PlanOffer(
                new PlanTerms(
                        PlanTerms.SCHEMA,
                        "France 3 GB, 7 days, then 384 kbit/s",
                        3_000_000_000L,
                        Validity.days(7, start),
                        new AfterQuota.Throttle(Speed.both(384)),
                        80,
                        List.of(new ZoneCap(
                                "zone_0HZ4K2M7Q9R3V", "Paris centre", Set.of("208-01-1234"), Speed.both(2_000))),
                        DrainPolicy.SUSPEND,
                        DayZone.TRAVELLER),
                new Money(new BigDecimal("9.90"), "EUR"),
                List.of("FR"),
                new Money(new BigDecimal("3.5"), "EUR"),
                "FR",
                true,
                null);
    }
}
